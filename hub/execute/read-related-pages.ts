import { keyText, type RowKey } from '../../lake/key-lookup.ts';
import type { LakeValue } from '../../lake/sql.ts';
import type { ConnectionSelection } from '../compile/intermediate-form.ts';
import type { RelationFetch } from '../compile/row-fetch.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { readListQuestion } from '../question/read-list-question.ts';
import {
  relatedBeyondStatement,
  relatedCountStatement,
  relatedPageStatement,
} from '../sql/related-page-sql.ts';
import type { PageSide } from '../sql/placed-rows-sql.ts';
import { rowKeyText, type FetchedPage, type FetchedRows } from './fetched-rows.ts';
import { laneOf } from './lane.ts';
import { placesOf, sidesOf, sidesOutside, surplusOf } from './read-page.ts';
import type { RunContext } from './run-context.ts';

export interface RelatedPages {
  readonly columns: FetchedRows['columns'];
  readonly rowCount: number;
  /** A page for each key, by its text; also where it is empty. */
  readonly pages: ReadonlyMap<string, Omit<FetchedPage, 'rows'>>;
}

type PagedFetch = Extract<RelationFetch, { readonly kind: 'rows' | 'page' }>;

/** Reads a page of related rows for each of the keys: one statement, and one more for each figure about the pages. */
export async function readRelatedPages(
  relation: PagedFetch,
  keys: readonly RowKey[],
  context: RunContext,
): Promise<RelatedPages> {
  const { model, projections, limits, filters, variables, budget } = context;
  const { member, by, target } = relation;
  const { projection } = target;
  const parent = member.source.owner.name;
  const list = `${parent}.${member.source.relation.name}${relation.kind === 'page' ? 'Connection' : ''}`;
  const question = readListQuestion({
    values: member.arguments.read(variables),
    entity: projection.entity,
    model,
    limits,
    filters,
    searched: context.searchedFields.get(projection.entity.name) ?? [],
    list,
    kind: relation.kind,
  });
  if (keys.length === 0) return { columns: [], rowCount: 0, pages: new Map() };
  const wanted = relation.kind === 'page' ? relation.member.connection : undefined;
  const related = { question, by, keys, projection, projections };
  const sides = isSelected(wanted, 'pageInfo') ? sidesOutside(question) : [];
  const hasSurplus = isSelected(wanted, 'pageInfo');
  const [rows, counts, before, after] = await Promise.all([
    read(relatedPageStatement({ ...related, columns: target.columns, hasSurplus })),
    isSelected(wanted, 'totalCount') ? read(relatedCountStatement(related)) : undefined,
    sides.includes('before') ? read(relatedBeyondStatement(related, 'before')) : undefined,
    sides.includes('after') ? read(relatedBeyondStatement(related, 'after')) : undefined,
  ]);
  budget.spend(rows.rowCount, list);
  return pagesOf(rows, countsByKey(counts, by), {
    before: countsByKey(before, by),
    after: countsByKey(after, by),
  });

  async function read(statement: { readonly text: string; readonly values: readonly LakeValue[] }) {
    return laneOf(keys, isWithinRow(question)) === 'scan'
      ? context.rowsRead.scan(statement)
      : context.reader.read(statement.text, statement.values, 'point');
  }

  function pagesOf(
    placed: { readonly columns: FetchedRows['columns']; readonly rowCount: number },
    counted: ReadonlyMap<string, number>,
    outside: Readonly<Record<PageSide, ReadonlyMap<string, number>>>,
  ): RelatedPages {
    const positions = by.map((column) => target.columns.indexOf(column));
    const byKey = new Map<string, number[]>(keys.map((key) => [keyText(key), []]));
    for (let row = 0; row < placed.rowCount; row++) {
      const key = rowKeyText(placed.columns, positions, row);
      if (key !== undefined) byKey.get(key)?.push(row);
    }
    const places = placesOf(list, question, placed);
    const pages = [...byKey].map(([key, rowNumbers]) => {
      const { hasMore, from, rowCount } = surplusOf(rowNumbers.length, question);
      const sides = sidesOf(question, hasMore, {
        before: outside.before.has(key),
        after: outside.after.has(key),
      });
      const page = { rowNumbers: rowNumbers.slice(from, from + rowCount), ...sides };
      return [key, { ...page, totalCount: counted.get(key) ?? 0, ...places }] as const;
    });
    return { columns: placed.columns, rowCount: placed.rowCount, pages: new Map(pages) };
  }
}

function isSelected(connection: ConnectionSelection | undefined, kind: string): boolean {
  return connection?.some((member) => member.kind === kind) === true;
}

/** Counts stand behind the values of the key that they belong to. */
function countsByKey(
  rows: { readonly columns: FetchedRows['columns']; readonly rowCount: number } | undefined,
  by: readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const positions = by.map((_, position) => position);
  for (let row = 0; row < (rows?.rowCount ?? 0); row++) {
    const key = rowKeyText(rows?.columns ?? [], positions, row);
    if (key !== undefined) counts.set(key, Number(rows?.columns[by.length]?.[row]));
  }
  return counts;
}

/** Whether nothing but the values of the rows themselves decides which of them come. */
function isWithinRow({ where, order }: ListQuestion): boolean {
  return (
    where.kind === 'always' &&
    order.every(({ by }) => by.kind === 'field' && by.path.via.length === 0)
  );
}
