import { listValue } from '@duckdb/node-api';
import type { Lake } from '../lake/engine.ts';
import { sql, value, type LakeValue, type Sql } from '../lake/sql.ts';
import type { SubscriberState } from './event-service.ts';
import { dateOf, microsOf, numberOf, textOf, timestampOf } from './lake-cells.ts';
import type { DeliveryProgress, SnapshotCursor, SubscriberRecord } from './subscriber-record.ts';
import { changesNothing } from '../lake/versions.ts';

/** Where a lake is read and written. */
export type EventLake = Pick<Lake, 'read' | 'write'>;

export async function loadSubscribers(lake: EventLake): Promise<readonly SubscriberRecord[]> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT id, name, owner, url, secret, entities, types, includes_own, may_veto, veto_window_ms, created_at,
      state, "position", snapshot_position, snapshot_cursor, last_delivery_at, last_error, failing_since
      FROM events.subscriber ORDER BY created_at, id`,
  );
  return Array.from({ length: rowCount }, (_, row) =>
    toRecord((position) => columns[position]?.[row] ?? null),
  );
}

export async function insertSubscriber(lake: EventLake, record: SubscriberRecord): Promise<void> {
  const { progress } = record;
  await lake.write(
    (tx) =>
      tx.run(
        sql`INSERT INTO events.subscriber (id, owner, secret, created_at, state, "position", snapshot_position,
        name, url, entities, types, includes_own, may_veto, veto_window_ms)
        VALUES (${value(record.id)}, ${value(record.owner)}, ${value(record.secret)}, ${value(timestampOf(record.createdAt))},
        ${value(progress.state)}, ${value(BigInt(progress.position))}, ${value(bigintOf(progress.snapshotPosition))},
        ${value(record.name)}, ${value(record.url)}, ${value(JSON.stringify(record.entities))},
        ${value(JSON.stringify(record.types))}, ${value(record.includesOwn)}, ${value(record.mayVeto)},
        ${value(BigInt(record.vetoWindowMs))})`,
      ),
    changesNothing,
  );
}

export async function updateChoices(lake: EventLake, record: SubscriberRecord): Promise<void> {
  await lake.write(
    (tx) =>
      tx.run(
        sql`UPDATE events.subscriber SET name = ${value(record.name)}, url = ${value(record.url)},
        entities = ${value(JSON.stringify(record.entities))}, types = ${value(JSON.stringify(record.types))},
        includes_own = ${value(record.includesOwn)}, may_veto = ${value(record.mayVeto)},
        veto_window_ms = ${value(BigInt(record.vetoWindowMs))} WHERE id = ${value(record.id)}`,
      ),
    changesNothing,
  );
}

/** Removes it and its dead letters. What it vetoed stays, as part of what happened. */
export async function deleteSubscriber(lake: EventLake, id: string): Promise<void> {
  await lake.write(async (tx) => {
    await tx.run(sql`DELETE FROM events.dead_letter WHERE subscriber = ${value(id)}`);
    await tx.run(sql`DELETE FROM events.subscriber WHERE id = ${value(id)}`);
  }, changesNothing);
}

/**
 * Writes progress of any number of subscribers with one statement. It is asked for when the write's turn has come,
 * so that whatever happened while it waited in line is in it.
 */
export async function saveProgress(
  lake: EventLake,
  read: () => readonly (readonly [id: string, progress: DeliveryProgress])[],
): Promise<void> {
  await lake.write(
    async (tx) => {
      const all = read();
      if (all.length === 0) return;
      const list = (of: (progress: DeliveryProgress) => LakeValue): Sql =>
        value(listValue(all.map(([, progress]) => of(progress))));
      await tx.run(
        sql`UPDATE events.subscriber AS s SET state = n.state, "position" = n."position",
        snapshot_position = n.snapshot_position, snapshot_cursor = n.snapshot_cursor,
        last_delivery_at = make_timestamptz(n.last_delivery_at), last_error = n.last_error,
        failing_since = make_timestamptz(n.failing_since)
        FROM (SELECT unnest(CAST(${value(listValue(all.map(([id]) => id)))} AS VARCHAR[])) AS id,
          unnest(CAST(${list(({ state }) => state)} AS VARCHAR[])) AS state,
          unnest(CAST(${list(({ position }) => BigInt(position))} AS BIGINT[])) AS "position",
          unnest(CAST(${list(({ snapshotPosition }) => bigintOf(snapshotPosition))} AS BIGINT[])) AS snapshot_position,
          unnest(CAST(${list(({ snapshotCursor }) => cursorText(snapshotCursor))} AS VARCHAR[])) AS snapshot_cursor,
          unnest(CAST(${list(({ lastDeliveryAt }) => microsOf(lastDeliveryAt))} AS BIGINT[])) AS last_delivery_at,
          unnest(CAST(${list(({ lastError }) => lastError)} AS VARCHAR[])) AS last_error,
          unnest(CAST(${list(({ failingSince }) => microsOf(failingSince))} AS BIGINT[])) AS failing_since) AS n
        WHERE s.id = n.id`,
      );
    },
    changesNothing,
    'small',
  );
}

function toRecord(cell: (position: number) => LakeValue): SubscriberRecord {
  return {
    id: String(cell(0)),
    name: String(cell(1)),
    owner: String(cell(2)),
    url: String(cell(3)),
    secret: String(cell(4)),
    entities: JSON.parse(String(cell(5))) as readonly string[],
    types: JSON.parse(String(cell(6))) as readonly string[],
    includesOwn: cell(7) === true,
    mayVeto: cell(8) === true,
    vetoWindowMs: Number(cell(9)),
    createdAt: dateOf(cell(10)) ?? new Date(0),
    progress: {
      state: String(cell(11)) as SubscriberState,
      position: Number(cell(12)),
      snapshotPosition: numberOf(cell(13)),
      snapshotCursor: readSnapshotCursor(textOf(cell(14))),
      lastDeliveryAt: dateOf(cell(15)),
      lastError: textOf(cell(16)),
      failingSince: dateOf(cell(17)),
    },
  };
}

function cursorText(cursor: SnapshotCursor | null): string | null {
  return cursor === null ? null : JSON.stringify([cursor.entity, cursor.key]);
}

function readSnapshotCursor(text: string | null): SnapshotCursor | null {
  if (text === null) return null;
  const [entity, key] = JSON.parse(text) as readonly [string, string | null];
  return { entity, key };
}

function bigintOf(number: number | null): bigint | null {
  return number === null ? null : BigInt(number);
}
