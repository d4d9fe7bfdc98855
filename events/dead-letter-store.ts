import { identifier, join, sql, value, type Sql } from '../lake/sql.ts';
import { dateOf, numberOf, timestampOf } from './lake-cells.ts';
import type { EventLake } from './subscriber-store.ts';
import { changesNothing } from '../lake/versions.ts';

/** An event that a subscriber does not take. What it says is read from the log again. */
export interface DeadLetterRecord {
  readonly id: string;
  readonly subscriber: string;
  readonly eventId: string;
  readonly entity: string;
  readonly key: string;
  /** Null for an event of a snapshot. */
  readonly sequence: number | null;
  readonly attempts: number;
  readonly lastStatus: number | null;
  readonly lastError: string;
  readonly since: Date;
}

/** The same event is the same dead letter, also when it is buried again after a crash. */
export function deadLetterId(subscriber: string, eventId: string): string {
  return `${subscriber}.${eventId}`;
}

/** Writes it, or what came of it since. A subscriber that is gone by now has no dead letters. */
export async function putDeadLetter(lake: EventLake, letter: DeadLetterRecord): Promise<void> {
  await lake.write(
    (tx) =>
      tx.run(
        sql`INSERT INTO events.dead_letter (id, subscriber, event_id, entity, "key", "sequence", attempts, last_status,
        last_error, since) SELECT ${value(letter.id)}, s.id, ${value(letter.eventId)}, ${value(letter.entity)},
        ${value(letter.key)}, CAST(${value(letter.sequence === null ? null : BigInt(letter.sequence))} AS BIGINT),
        ${value(BigInt(letter.attempts))}, CAST(${value(letter.lastStatus)} AS INTEGER), ${value(letter.lastError)},
        ${value(timestampOf(letter.since))} FROM events.subscriber AS s WHERE s.id = ${value(letter.subscriber)}
        ON CONFLICT DO UPDATE SET attempts = excluded.attempts, last_status = excluded.last_status,
        last_error = excluded.last_error`,
      ),
    changesNothing,
  );
}

/** The oldest first; `after` is the last of the page before. */
export async function listDeadLetters(
  lake: EventLake,
  {
    subscriber,
    limit,
    after,
  }: {
    readonly subscriber: string | undefined;
    readonly limit: number;
    readonly after: { readonly since: Date; readonly id: string } | undefined;
  },
): Promise<readonly DeadLetterRecord[]> {
  const conditions = [
    ...(subscriber === undefined ? [] : [sql`subscriber = ${value(subscriber)}`]),
    ...(after === undefined
      ? []
      : [sql`(since, id) > (${value(timestampOf(after.since))}, ${value(after.id)})`]),
  ];
  const where = conditions.length === 0 ? sql`TRUE` : join(conditions, ' AND ');
  return read(lake, sql`${where} ORDER BY since, id LIMIT ${value(BigInt(limit))}`);
}

export async function findDeadLetters(
  lake: EventLake,
  ids: readonly string[],
): Promise<readonly DeadLetterRecord[]> {
  return ids.length === 0 ? [] : read(lake, sql`${isIn('id', ids)} ORDER BY since, id`);
}

/** Gives how many there were. */
export async function removeDeadLetters(lake: EventLake, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  return lake.write(
    (tx) => tx.run(sql`DELETE FROM events.dead_letter WHERE ${isIn('id', ids)}`),
    changesNothing,
  );
}

/** How many each subscriber has. */
export async function countDeadLetters(lake: EventLake): Promise<ReadonlyMap<string, number>> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT subscriber, count(*) FROM events.dead_letter GROUP BY subscriber`,
  );
  return new Map(
    Array.from({ length: rowCount }, (_, row) => [
      String(columns[0]?.[row]),
      Number(columns[1]?.[row]),
    ]),
  );
}

/** Subscribers that have this event as a dead letter. */
export async function buriedBy(lake: EventLake, sequence: number): Promise<ReadonlySet<string>> {
  const { columns } = await lake.read(
    sql`SELECT subscriber FROM events.dead_letter WHERE "sequence" = ${value(BigInt(sequence))}`,
  );
  return new Set((columns[0] ?? []).map(String));
}

async function read(lake: EventLake, condition: Sql): Promise<readonly DeadLetterRecord[]> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT id, subscriber, event_id, entity, "key", "sequence", attempts, last_status, last_error, since
      FROM events.dead_letter WHERE ${condition}`,
  );
  return Array.from({ length: rowCount }, (_, row) => {
    const cell = (position: number) => columns[position]?.[row] ?? null;
    return {
      id: String(cell(0)),
      subscriber: String(cell(1)),
      eventId: String(cell(2)),
      entity: String(cell(3)),
      key: String(cell(4)),
      sequence: numberOf(cell(5)),
      attempts: Number(cell(6)),
      lastStatus: numberOf(cell(7)),
      lastError: String(cell(8)),
      since: dateOf(cell(9)) ?? new Date(0),
    };
  });
}

function isIn(column: string, ids: readonly string[]): Sql {
  return sql`${identifier(column)} IN (${join(ids.map(value), ', ')})`;
}
