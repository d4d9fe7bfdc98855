import type { CompiledRoot } from '../compile/compile-operation.ts';
import { readListQuestion } from '../question/read-list-question.ts';
import type { Path } from '../shape/path.ts';
import { countStatement, existsBeyondStatement } from '../sql/page-sql.ts';
import type { PageSide } from '../sql/placed-rows-sql.ts';
import type { FetchedPage, FetchedRows } from './fetched-rows.ts';
import { readJsonPage } from './read-json-page.ts';
import { placesOf, sidesOf, sidesOutside, surplusOf } from './read-page.ts';
import { readPlacedRows } from './read-placed-rows.ts';
import type { RunContext } from './run-context.ts';
import { withRelated } from './run-rows.ts';

type CompiledList = CompiledRoot & { readonly kind: 'list' };

/** Answers a list field; null when a null spread up to it. */
export async function runList(
  list: CompiledList,
  path: Path,
  context: RunContext,
): Promise<Record<string, unknown> | null> {
  const page = await readPage(list, context);
  return list.shape(page, path, context.shape);
}

async function readPage(compiled: CompiledList, context: RunContext): Promise<FetchedPage> {
  const { form, fetch } = compiled;
  const { model, projections, limits, filters, variables, budget, rowsRead } = context;
  const { projection } = fetch;
  const list = form.fieldName;
  const question = readListQuestion({
    values: form.arguments.read(variables),
    entity: form.entity,
    model,
    limits,
    filters,
    searched: context.searchedFields.get(form.entity.name) ?? [],
    list,
    kind: 'root',
  });
  const isPageSelected = ['nodes', 'edges', 'pageInfo'].some(isSelected);
  const sides = isSelected('pageInfo') ? sidesOutside(question) : [];
  const [cut, totalCount, before, after] = await Promise.all([
    isPageSelected ? readCut() : emptyCut,
    isSelected('totalCount') ? count() : 0,
    sides.includes('before') && isAnything('before'),
    sides.includes('after') && isAnything('after'),
  ]);
  return { ...cut, ...sidesOf(question, cut.hasMore, { before, after }), totalCount };

  async function readCut(): Promise<Cut> {
    projections.partsRead?.addColumns(projection, fetch.selected);
    const json = await readJsonPage(compiled, question, context);
    if (json !== undefined) {
      const { nodes, ends } = json;
      const { hasMore, rowCount } = surplusOf(json.rowCount, question);
      context.shape.objects.spend(rowCount, list);
      const rows = { ...ends, related: noneRelated };
      return {
        nodes,
        rows,
        rowNumbers: numbers(ends.rowCount),
        hasMore,
        ...placesOf(list, question, ends),
      };
    }
    const found = await readPlacedRows(question, fetch, context);
    const { hasMore, from, rowCount } = surplusOf(found.rowCount, question);
    budget.spend(rowCount, list);
    // Nothing is fetched along with the row too many.
    const columns = found.columns.map((column) => column.slice(from, from + rowCount));
    const rows = await withRelated(fetch, columns, rowCount, context);
    const places = placesOf(list, question, { columns, rowCount });
    return { rows, rowNumbers: numbers(rowCount), hasMore, ...places };
  }

  function isSelected(kind: string): boolean {
    return form.connection.some((member) => member.kind === kind);
  }

  async function count(): Promise<number> {
    const rows = await rowsRead.scan(countStatement(question, projection, projections));
    return Number(rows.columns[0]?.[0]);
  }

  async function isAnything(side: PageSide): Promise<boolean> {
    const beyond = existsBeyondStatement(question, side, projection, projections);
    return (await rowsRead.scan(beyond)).rowCount > 0;
  }
}

type Cut = Omit<FetchedPage, 'hasNextPage' | 'hasPreviousPage' | 'totalCount'> & {
  readonly hasMore: boolean;
};

const noneRelated: FetchedRows['related'] = new Map();

const emptyCut: Cut = {
  rows: { columns: [], rowCount: 0, related: noneRelated },
  rowNumbers: [],
  hasMore: false,
  cursorOf: () => '',
  rankOf: () => null,
};

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, row) => row);
}
