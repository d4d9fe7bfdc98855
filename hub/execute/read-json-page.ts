import { DuckDBBlobValue, DuckDBStructValue } from '@duckdb/node-api';
import { identifier, sql, toStatement, type LakeValue, type Sql } from '../../lake/sql.ts';
import { sequenceColumn } from '../../mapping/projection.ts';
import type { Rows } from '../../lake/engine.ts';
import { JsonText } from '../../wire/json-text.ts';
import type { CompiledRoot } from '../compile/compile-operation.ts';
import { openWindowSql, windowSql } from '../compile/to-sql.ts';
import type { ListQuestion } from '../question/list-question.ts';
import { jsonNodesSql, jsonPageSql } from '../sql/json-page-sql.ts';
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
  const members = json;
  const pageLimit = limit;
  const isWritable = json.every(
    (member) => member.kind === 'typename' || canWriteJson(member.field, wire),
  );
  if (!isWritable) return undefined;
  const isBackward = direction === 'backward';
  const hasEnds = list.form.connection.some(({ kind }) => kind === 'pageInfo');
  // The row too many says that there is more, which is pageInfo's business.
  const surplus = hasEnds ? 1 : 0;
  const after = windowAfter(question);
  if (after === undefined) {
    const asked = { ...question, page: { ...question.page, limit: limit - 1 + surplus } };
    const rows = pageSql(asked, fetch.columns, fetch.projection, context.projections);
    const ordered = orderByPlaceSql(question.order);
    const counted = isBackward ? orderByPlaceSql(reversed(question.order)) : ordered;
    const places = placeNames(question.order);
    return pageOf(await read(jsonOf({ rows, places, counted, ordered }), true), limit);
  }
  const until = after + BigInt(limit + surplus);
  const near = await readWindow(windowSql(fetch, { after, until }));
  const [, , count] = near.columns;
  if (Number(count?.[0]) === limit + surplus) return pageOf(near, limit);
  return pageOf(await readWindow(openWindowSql(fetch, after, limit + surplus)), limit);

  function readWindow(rows: Sql): Promise<Rows> {
    const sequence = identifier(sequenceColumn);
    const counted = sql`ORDER BY ${sequence}`;
    return read(jsonOf({ rows, places: [sequence], counted, ordered: counted }), false);
  }

  function jsonOf(placed: PlacedSql): Sql {
    const page = { members, wire, rows: placed.rows };
    if (!hasEnds) return jsonNodesSql(page, placed.ordered);
    return jsonPageSql({ ...page, ...placed, isBackward, limit: pageLimit });
  }

  /** A window is no scan, however large the table is. */
  function read(asked: Sql, isScan: boolean): Promise<Rows> {
    const statement = toStatement(asked);
    return isScan ? context.rowsRead.scan(statement) : context.rowsRead.window(statement);
  }
}

/** Rows with their places, which the page is counted and asked for by. */
interface PlacedSql {
  readonly rows: Sql;
  readonly places: readonly Sql[];
  readonly counted: Sql;
  readonly ordered: Sql;
}

function pageOf({ columns }: Rows, limit: number): JsonPage | undefined {
  const [text, isWritable, count, first, last] = columns.map(([cell]) => cell ?? null);
  if (isWritable !== true) return undefined;
  const rowCount = Number(count);
  if (!(text instanceof DuckDBBlobValue)) throw new Error('The lake wrote no JSON');
  const nodes = new JsonText(text.bytes);
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
