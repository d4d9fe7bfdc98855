import type { Rows } from '../../lake/engine.ts';
import type { Statement } from '../../lake/sql.ts';
import type { CompiledRoot } from '../compile/compile-operation.ts';
import type { RowFetch } from '../compile/row-fetch.ts';
import { selectOpenWindow, selectWindow } from '../compile/to-sql.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { readListQuestion } from '../question/read-list-question.ts';
import type { Path } from '../shape/path.ts';
import { countStatement, existsBeyondStatement, pageStatement } from '../sql/page-sql.ts';
import type { FetchedPage } from './fetched-rows.ts';
import { cutPage, hasSideBehind, placesOf, type PlacedRows } from './read-page.ts';
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

async function readPage({ form, fetch }: CompiledList, context: RunContext): Promise<FetchedPage> {
  const { model, projections, limits, variables, budget } = context;
  const { projection } = fetch;
  const list = form.fieldName;
  const question = readListQuestion({
    values: form.arguments.read(variables),
    entity: form.entity,
    model,
    limits,
    searched: context.searchedFields.get(form.entity.name) ?? [],
    list,
    kind: 'root',
  });
  const isPageSelected = ['nodes', 'edges', 'pageInfo'].some(isSelected);
  const [found, totalCount, hasMoreBehind] = await Promise.all([
    isPageSelected ? readPlacedRows(question, fetch, context) : noRows,
    isSelected('totalCount') ? count() : 0,
    isSelected('pageInfo') && hasSideBehind(question) ? isAnythingBehind() : false,
  ]);
  const numbers = Array.from({ length: found.rowCount }, (_, row) => row);
  const cut = cutPage(numbers, question, hasMoreBehind);
  budget.spend(cut.rowNumbers.length, list);
  // Nothing is fetched along with the row too many.
  const from = cut.rowNumbers[0] ?? 0;
  const columns = found.columns.map((column) => column.slice(from, from + cut.rowNumbers.length));
  const placed = { columns, rowCount: cut.rowNumbers.length };
  return {
    ...cut,
    rowNumbers: numbers.slice(0, placed.rowCount),
    rows: await withRelated(fetch, columns, placed.rowCount, context),
    totalCount,
    ...placesOf(list, question, placed),
  };

  function isSelected(kind: string): boolean {
    return form.connection.some((member) => member.kind === kind);
  }

  async function count(): Promise<number> {
    const rows = await scan(countStatement(question, projection, projections), context);
    return Number(rows.columns[0]?.[0]);
  }

  async function isAnythingBehind(): Promise<boolean> {
    const rows = await scan(existsBeyondStatement(question, projection, projections), context);
    return rows.rowCount > 0;
  }
}

function scan(statement: Statement, { rowsRead }: RunContext): Promise<Rows> {
  return rowsRead.scan(statement);
}

const noRows: PlacedRows = { columns: [], rowCount: 0 };

/** The rows of the page in its order, and one more at its far end where there is more. */
function readPlacedRows(
  question: ListQuestion,
  fetch: RowFetch,
  context: RunContext,
): Promise<PlacedRows> {
  const { direction, limit, offset, after, before } = question.page;
  const isWholeList = question.where.kind === 'always' && question.search === undefined;
  const isWindow =
    isWholeList && question.isDefaultOrder && direction === 'forward' && offset === 0;
  if (isWindow && before === undefined && limit !== undefined)
    return readWindow(fetch, BigInt(String(after?.[0] ?? 0)), limit + 1, context);
  const { projection, columns } = fetch;
  return scan(pageStatement(question, columns, projection, context.projections), context);
}

/** The next rows after a number of the sequence: from a narrow window, and where rows were removed from beyond it. */
async function readWindow(
  fetch: RowFetch,
  after: bigint,
  limit: number,
  context: RunContext,
): Promise<PlacedRows> {
  // Numbers are unique, so the window holds no more rows than it is wide.
  const until = after + BigInt(limit);
  const window = { text: selectWindow(fetch), values: [after, until] };
  const near = inOrder(await context.reader.read(window.text, window.values, 'scan'));
  if (near.rowCount === limit) return near;
  const rest = BigInt(limit - near.rowCount);
  const far = await scan({ text: selectOpenWindow(fetch), values: [until, rest] }, context);
  const columns = near.columns.map((column, index) => [...column, ...(far.columns[index] ?? [])]);
  return { columns, rowCount: near.rowCount + far.rowCount };
}

/** Sorts rows by their number, in the last column; DuckDB would take a fifth of a page's time for it. */
function inOrder(rows: PlacedRows): PlacedRows {
  const sequences = (rows.columns.at(-1) ?? []).map((number) => BigInt(String(number)));
  const isOrdered = sequences.every(
    (number, row) => row === 0 || number > (sequences[row - 1] ?? 0n),
  );
  if (isOrdered) return rows;
  const order = sequences.map((number, row) => ({ number, row }));
  order.sort((a, b) => (a.number < b.number ? -1 : 1));
  return {
    rowCount: rows.rowCount,
    columns: rows.columns.map((column) => order.map(({ row }) => column[row] ?? null)),
  };
}
