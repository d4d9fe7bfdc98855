import type { Lake, Rows } from '../../../lake/engine.ts';
import type { LakeModel } from '../../../mapping/model.ts';
import { projectionsOf, type Projection } from '../../../mapping/projection.ts';
import { defaultLimits } from '../../limits.ts';
import { formatCursor } from '../../question/cursor.ts';
import { FilterBudget } from '../../question/filter-budget.ts';
import type { ListQuestion } from '../../question/list-question.ts';
import { readListQuestion } from '../../question/read-list-question.ts';
import { pageSql } from '../page-sql.ts';
import { textFields } from '../../testing/text-fields.ts';

export type ListValues = Readonly<Record<string, unknown>>;

/** The list of an entity, as clients page through it. */
export class PagedList {
  readonly projection: Projection;
  readonly projections: ReadonlyMap<string, Projection>;
  readonly #lake: Lake;
  readonly #model: LakeModel;
  readonly #name: string;

  constructor(lake: Lake, model: LakeModel, entity: string) {
    this.#lake = lake;
    this.#model = model;
    this.#name = `list of ${entity}`;
    this.projections = projectionsOf(model);
    const projection = this.projections.get(entity);
    if (projection === undefined) throw new Error(`There is no projection of ${entity}`);
    this.projection = projection;
  }

  question(values: ListValues): ListQuestion {
    const { entity } = this.projection;
    const list = this.#name;
    return readListQuestion({
      values,
      entity,
      model: this.#model,
      limits: defaultLimits,
      filters: new FilterBudget(defaultLimits),
      searched: textFields(entity),
      list,
      kind: 'root',
    });
  }

  /** Keys of the rows of a page, the cursor of each, and whether there is one more row at its far end. */
  async page(values: ListValues): Promise<{
    readonly keys: readonly string[];
    readonly cursors: readonly string[];
    readonly hasMore: boolean;
  }> {
    const question = this.question(values);
    const { key } = this.projection;
    const rows = await this.#lake.read(pageSql(question, key, this.projection, this.projections));
    const { direction, limit } = question.page;
    const hasMore = limit !== undefined && rows.rowCount > limit;
    const from = hasMore && direction === 'backward' ? 1 : 0;
    const until = hasMore && direction === 'forward' ? rows.rowCount - 1 : rows.rowCount;
    const numbers = Array.from({ length: until - from }, (_, index) => from + index);
    return {
      keys: numbers.map((row) => valuesOf(rows, row).slice(0, key.length).map(String).join('/')),
      cursors: numbers.map((row) =>
        formatCursor(this.#name, question.order, valuesOf(rows, row).slice(-question.order.length)),
      ),
      hasMore,
    };
  }

  /** Keys of all rows, in the order in which one page after the other brings them. */
  async walk(
    values: ListValues,
    direction: 'forward' | 'backward',
    size: number,
  ): Promise<readonly string[]> {
    const isForward = direction === 'forward';
    const pages: (readonly string[])[] = [];
    let cursor: string | undefined;
    for (;;) {
      const page = isForward ? { first: size, after: cursor } : { last: size, before: cursor };
      const { keys, cursors, hasMore } = await this.page({ ...values, ...page });
      pages.push(keys);
      cursor = isForward ? cursors.at(-1) : cursors[0];
      if (!hasMore) return (isForward ? pages : pages.toReversed()).flat();
    }
  }
}

export function valuesOf(rows: Rows, row: number): readonly Rows['columns'][number][number][] {
  return rows.columns.map((column) => column[row] ?? null);
}
