import { DuckDBBlobValue, DuckDBStructValue } from '@duckdb/node-api';
import { identifier, sql, toStatement, type LakeValue, type Sql } from '../../lake/sql.ts';
import { sequenceColumn } from '../../mapping/projection.ts';
import type { Rows } from '../../lake/engine.ts';
import { JsonText } from '../../wire/json-text.ts';
import type { CompiledRoot } from '../compile/compile-operation.ts';
import { openWindowSql, windowSql } from '../compile/to-sql.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { jsonPageSql } from '../sql/json-page-sql.ts';
import { canWriteJson } from '../sql/json-sql.ts';
import { reversed } from '../sql/order-sql.ts';
import { pageSql } from '../sql/page-sql.ts';
import { orderByPlaceSql, placeNames } from '../sql/placed-rows-sql.ts';
import type { PlacedRows } from './read-page.ts';
import { windowAfter } from './read-placed-rows.ts';
import type { RunContext } from './run-context.ts';

/** A page whose nodes the lake wrote. */
export interface JsonPage {
  readonly nodes: JsonText;
  /** How many rows it has, with the one too many where there is more. */
  readonly rowCount: number;
  /** The places of its first and of its last row. */
  readonly ends: PlacedRows;
}

/** Of fewer rows the making of values in JavaScript costs no more than that of JSON in the lake. */
const fewestRows = 200;

/**
 * A large page as JSON. Undefined where the answer cannot have such text, or a row has something in it of which an
 * error has to tell.
 */
export async function readJsonPage(
  list: CompiledRoot & { readonly kind: 'list' },
  question: ListQuestion,
  context: RunContext,
): Promise<JsonPage | undefined> {
  const { json, fetch } = list;
  const { wire } = context.shape;
  const { limit, direction } = question.page;
  if (!context.takesJsonText || json === undefined || limit === undefined || limit < fewestRows)
    return undefined;
  const isWritable = json.every(
    (member) => member.kind === 'typename' || canWriteJson(member.field, wire),
  );
  if (!isWritable) return undefined;
  const isBackward = direction === 'backward';
  const page = { members: json, isBackward, limit, wire };
  const after = windowAfter(question);
  if (after === undefined) {
    const counted = orderByPlaceSql(isBackward ? reversed(question.order) : question.order);
    const rows = pageSql(question, fetch.columns, fetch.projection, context.projections);
    const places = placeNames(question.order);
    return pageOf(await read(jsonPageSql({ ...page, rows, places, counted }), true), limit);
  }
  const near = await readWindow(windowSql(fetch, { after, until: after + BigInt(limit + 1) }));
  const [, , count] = near.columns;
  if (Number(count?.[0]) === limit + 1) return pageOf(near, limit);
  return pageOf(await readWindow(openWindowSql(fetch, after, limit + 1)), limit);

  function readWindow(rows: Sql): Promise<Rows> {
    const sequence = identifier(sequenceColumn);
    const counted = sql`ORDER BY ${sequence}`;
    return read(jsonPageSql({ ...page, rows, places: [sequence], counted }), false);
  }

  function read(asked: Sql, isScan: boolean): Promise<Rows> {
    const statement = toStatement(asked);
    return isScan ? context.rowsRead.scan(statement) : context.rowsRead.window(statement);
  }
}

function pageOf({ columns }: Rows, limit: number): JsonPage | undefined {
  const [text, isWritable, count, first, last] = columns.map(([cell]) => cell ?? null);
  if (isWritable !== true) return undefined;
  const rowCount = Number(count);
  if (!(text instanceof DuckDBBlobValue)) throw new Error('The lake wrote no JSON');
  // The driver's bytes are those of the result, which goes away.
  const nodes = new JsonText(Buffer.from(text.bytes));
  const places = [first, last].slice(0, Math.min(rowCount, limit)).map(placeOf);
  const width = places[0]?.length ?? 0;
  const ends = Array.from({ length: width }, (_, term) =>
    places.map((place) => place[term] ?? null),
  );
  return { nodes, rowCount, ends: { columns: ends, rowCount: places.length } };
}

function placeOf(place: LakeValue | undefined): readonly LakeValue[] {
  return place instanceof DuckDBStructValue ? Object.values(place.entries) : [];
}
