import pg from 'pg';
import Cursor from 'pg-cursor';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import type { PostgresSource, TableSync, Watermark } from '../declaration/sync-declaration.ts';
import { within } from '../schedule/pause.ts';
import type { RawShape } from '../stage/raw-shape.ts';
import type { Staging } from '../stage/staging.ts';
import type { Delivery, ReadRequest, Source } from './source.ts';

interface PostgresOptions {
  readonly sync: TableSync;
  readonly source: PostgresSource;
  readonly scheduler: Scheduler;
}

const rowsOfBatch = 10_000;

type Row = readonly (string | null)[];

/**
 * A table of a PostgreSQL database, read in one snapshot by a transaction that can write nothing. Values come as texts
 * of PostgreSQL's own, in UTC, so that no digit is lost on the way.
 */
export class PostgresTable implements Source {
  readonly #options: PostgresOptions;

  constructor(options: PostgresOptions) {
    this.#options = options;
  }

  async *read(request: ReadRequest): AsyncGenerator<Delivery, void, undefined> {
    const { sync, source, scheduler } = this.#options;
    const columns = columnsOf(sync);
    const shape: RawShape = { kind: 'columns', names: columns.map(({ name }) => name) };
    const staging = request.openStaging();
    await staging.create(shape);
    await within(scheduler, source.timeoutMs, request.signal, (signal) =>
      this.#readAll(columns, request, { shape, staging, signal }),
    );
    yield { name: nameOf(source), staging, shape, isSnapshot: request.isSnapshot };
  }

  async #readAll(
    columns: readonly ReadColumn[],
    { since }: ReadRequest,
    { shape, staging, signal }: { shape: RawShape; staging: Staging; signal: AbortSignal },
  ): Promise<void> {
    const { source, sync } = this.#options;
    const client = new pg.Client({
      connectionString: source.url,
      application_name: 'tributary',
      connectionTimeoutMillis: 10_000,
      query_timeout: 0,
    });
    // A connection that is lost says so here too, and the query that waits is rejected besides.
    client.on('error', () => undefined);
    const giveUp = (): void => void client.end().catch(() => undefined);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await client.connect();
      await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await client.query(
        `SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL statement_timeout = ${source.timeoutMs}`,
      );
      const { text, values } = selectOf(columns, source, sync.watermark, since);
      const cursor = client.query(new Cursor<Row>(text, [...values], { rowMode: 'array' }));
      for (;;) {
        const rows = await cursor.read(rowsOfBatch);
        signal.throwIfAborted();
        if (rows.length === 0) break;
        await staging.append(
          shape,
          columns.map((_, position) => rows.map((row) => row[position] ?? null)),
        );
      }
      await client.query('COMMIT');
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof TributaryError ? error : sourceError(error, source, sync);
    } finally {
      signal.removeEventListener('abort', giveUp);
      await client.end().catch(() => undefined);
    }
  }
}

interface ReadColumn {
  readonly name: string;
  /** Lists come as JSON: the lake reads no other form of them. */
  readonly isList: boolean;
}

/** Every column of the source that the declaration names. */
function columnsOf({ columns, watermark, tombstone }: TableSync): readonly ReadColumn[] {
  const byName = new Map(columns.map(({ from, sqlType }) => [from, sqlType.kind === 'LIST']));
  for (const special of [watermark, tombstone])
    if (special !== undefined && !byName.has(special.column)) byName.set(special.column, false);
  return [...byName].map(([name, isList]) => ({ name, isList }));
}

function selectOf(
  columns: readonly ReadColumn[],
  { table }: PostgresSource,
  watermark: Watermark | undefined,
  since: bigint | undefined,
): { readonly text: string; readonly values: readonly string[] } {
  const selected = columns.map(({ name, isList }) =>
    isList ? `to_json(${quote(name)})::text` : `${quote(name)}::text`,
  );
  const from = `SELECT ${selected.join(', ')} FROM ${table.map(quote).join('.')}`;
  if (watermark === undefined) return { text: from, values: [] };
  const column = quote(watermark.column);
  const ordered = `ORDER BY ${column} NULLS FIRST`;
  if (since === undefined) return { text: `${from} ${ordered}`, values: [] };
  const isTime = watermark.type === 'timestamp';
  // Only whole milliseconds go into a date, so it is rounded down: a row twice is better than none.
  const text = isTime ? new Date(Number(since / 1_000n)).toISOString() : String(since);
  const type = isTime ? 'timestamptz' : 'numeric';
  return { text: `${from} WHERE ${column} >= $1::${type} ${ordered}`, values: [text] };
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Without user and password. */
function nameOf({ url, table }: PostgresSource): string {
  const place = URL.canParse(url) ? new URL(url) : undefined;
  return `${table.join('.')} at postgres://${place?.host ?? ''}${place?.pathname ?? ''}`;
}

function sourceError(
  error: unknown,
  source: PostgresSource,
  { location }: TableSync,
): TributaryError {
  const name = nameOf(source);
  const problem = `${error instanceof Error ? error.message || String(error) : String(error)}.`;
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code === undefined || code.startsWith('08') || code.startsWith('57P'))
    return raise('SYNC_SOURCE_UNREACHABLE', { source: name, problem }, { cause: error });
  const column = /column "([^"]+)" does not exist/.exec(problem)?.[1];
  if (code === '42703' && column !== undefined) {
    const hint = error instanceof pg.DatabaseError ? error.hint : undefined;
    const parameters = { source: name, column, advice: hint ?? '' };
    return raise('SYNC_SOURCE_COLUMN_MISSING', parameters, { at: location, cause: error });
  }
  return raise('SYNC_SOURCE_REFUSED', { source: name, problem }, { cause: error });
}
