import { raise } from '../../foundation/errors/tributary-error.ts';
import type { CompiledRoot } from '../compile/compile-operation.ts';
import type { EdgeMember, EntitySelection, PageInfoMember } from '../compile/intermediate-form.ts';
import { defaultPageSize, maximumPageSize } from '../derive/page-size.ts';
import { inputValue } from '../compile/read-input.ts';
import type { RowFetch } from '../compile/row-fetch.ts';
import {
  selectCount,
  selectIsAfterSomething,
  selectOpenWindow,
  selectWindow,
} from '../compile/to-sql.ts';
import type { LakeValue } from '../../lake/sql.ts';
import type { Path } from '../shape/path.ts';
import { reportError, type ShapeContext } from '../shape/shape-context.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { FetchedRows } from './fetched-rows.ts';
import type { HubReader } from './hub-reader.ts';
import { withRelated } from './run-rows.ts';

type CompiledList = CompiledRoot & { readonly kind: 'list' };

interface Page {
  readonly rows: FetchedRows;
  readonly length: number;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly totalCount: number;
  readonly cursorOf: (row: number) => string;
}

/** Answers a list field; undefined when an error made it null, so that the whole answer is null. */
export async function runList(
  list: CompiledList,
  variables: Readonly<Record<string, unknown>>,
  reader: HubReader,
  context: ShapeContext,
): Promise<Record<string, unknown> | undefined> {
  const path: Path = { previous: undefined, key: list.form.responseKey };
  try {
    const page = await readPage(list, variables, reader);
    return shapeConnection(list, page, path, context);
  } catch (error) {
    reportError(context, error, path);
    return undefined;
  }
}

async function readPage(
  { form, fetch }: CompiledList,
  variables: Readonly<Record<string, unknown>>,
  reader: HubReader,
): Promise<Page> {
  const first = readFirst(form.fieldName, inputValue(form.first, variables));
  const after = readAfter(form.fieldName, inputValue(form.after, variables));
  const isSelected = (kind: string): boolean =>
    form.connection.some((member) => member.kind === kind);
  const isPageSelected = ['nodes', 'edges', 'pageInfo'].some(isSelected);
  const [found, totalCount] = await Promise.all([
    isPageSelected ? readInOrder(fetch, after ?? 0n, first + 1, reader) : noRows,
    isSelected('totalCount') ? count() : 0,
  ]);
  const length = Math.min(first, found.rowCount);
  const sequences = found.columns[0] ?? [];
  const hasPreviousPage =
    after !== undefined &&
    isSelected('pageInfo') &&
    (await reader.read(selectIsAfterSomething(fetch), [after], 'point')).rowCount > 0;
  const page = found.columns.map((column) => column.slice(0, length));
  return {
    rows: await withRelated(fetch, page, length, reader),
    length,
    hasNextPage: found.rowCount > first,
    hasPreviousPage,
    totalCount,
    cursorOf: (row) => formatCursor(form.fieldName, BigInt(String(sequences[row]))),
  };

  async function count(): Promise<number> {
    const rows = await reader.read(selectCount(fetch), [], 'scan');
    return Number(rows.columns[0]?.[0]);
  }
}

interface OrderedRows {
  readonly columns: readonly (readonly LakeValue[])[];
  readonly rowCount: number;
}

const noRows: OrderedRows = { columns: [], rowCount: 0 };

/** The next rows after a number of the sequence: from a narrow window, and where rows were removed from beyond it. */
async function readInOrder(
  fetch: RowFetch,
  after: bigint,
  limit: number,
  reader: HubReader,
): Promise<OrderedRows> {
  // Numbers are unique, so the window holds no more rows than it is wide.
  const until = after + BigInt(limit);
  const near = inOrder(await reader.read(selectWindow(fetch), [after, until], 'scan'));
  if (near.rowCount === limit) return near;
  const rest = BigInt(limit - near.rowCount);
  const far = await reader.read(selectOpenWindow(fetch), [until, rest], 'scan');
  const columns = near.columns.map((column, index) => [...column, ...(far.columns[index] ?? [])]);
  return { columns, rowCount: near.rowCount + far.rowCount };
}

/** Sorts rows by their number, in the first column; DuckDB would take a fifth of a page's time for it. */
function inOrder(rows: OrderedRows): OrderedRows {
  const sequences = (rows.columns[0] ?? []).map((number) => BigInt(String(number)));
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

function readFirst(field: string, value: unknown): number {
  if (value === undefined || value === null) return defaultPageSize;
  const first = Number(value);
  if (Number.isInteger(first) && first >= 0 && first <= maximumPageSize) return first;
  throw raise('PAGE_SIZE_INVALID', { field, first: String(value), limit: maximumPageSize });
}

function readAfter(field: string, value: unknown): bigint | undefined {
  if (value === undefined || value === null) return undefined;
  const after = parseCursor(field, String(value));
  if (after === undefined)
    throw raise('CURSOR_INVALID', { field, cursor: String(value).slice(0, 80) });
  return after;
}

function shapeConnection(
  { form, shapers }: CompiledList,
  page: Page,
  path: Path,
  context: ShapeContext,
): Record<string, unknown> | undefined {
  const connection: Record<string, unknown> = {};
  for (const member of form.connection) {
    const here: Path = { previous: path, key: member.responseKey };
    const value = shapeMember(member, here);
    if (value === undefined) return undefined;
    connection[member.responseKey] = value;
  }
  return connection;

  function shapeMember(member: (typeof form.connection)[number], here: Path): unknown {
    switch (member.kind) {
      case 'typename':
        return member.typeName;
      case 'totalCount':
        return page.totalCount;
      case 'pageInfo':
        return shapePageInfo(member.members, page);
      case 'nodes':
        return wholeList(page.length, (row) =>
          shapeNode(member.selection, row, { previous: here, key: row }),
        );
      case 'edges':
        return wholeList(page.length, (row) =>
          shapeEdge(member.members, row, { previous: here, key: row }),
        );
    }
  }

  function shapeNode(selection: EntitySelection, row: number, here: Path): unknown {
    return shapers.get(selection)?.(page.rows, row, here, context) ?? undefined;
  }

  function shapeEdge(members: readonly EdgeMember[], row: number, here: Path): unknown {
    const edge: Record<string, unknown> = {};
    for (const member of members) {
      const { responseKey } = member;
      if (member.kind === 'typename') edge[responseKey] = member.typeName;
      if (member.kind === 'cursor') edge[responseKey] = page.cursorOf(row);
      if (member.kind !== 'node') continue;
      edge[responseKey] = shapeNode(member.selection, row, { previous: here, key: responseKey });
      if (edge[responseKey] === undefined) return undefined;
    }
    return edge;
  }
}

function shapePageInfo(members: readonly PageInfoMember[], page: Page): Record<string, unknown> {
  const { length, hasNextPage, hasPreviousPage, cursorOf } = page;
  const values = {
    hasNextPage,
    hasPreviousPage,
    startCursor: length > 0 ? cursorOf(0) : null,
    endCursor: length > 0 ? cursorOf(length - 1) : null,
  };
  return Object.fromEntries(
    members.map((member) => [
      member.responseKey,
      member.kind === 'typename' ? member.typeName : values[member.kind],
    ]),
  );
}

/** All items, or undefined when one of them came out as null: the lists of a connection hold no nulls. */
function wholeList(length: number, item: (row: number) => unknown): readonly unknown[] | undefined {
  const items = Array.from({ length }, (_, row) => item(row));
  return items.includes(undefined) ? undefined : items;
}
