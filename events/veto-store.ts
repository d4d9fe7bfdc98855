import { sql, value } from '../lake/sql.ts';
import { dateOf, numberOf, timestampOf } from './lake-cells.ts';
import type { EventLake } from './subscriber-store.ts';
import { changesNothing } from '../lake/versions.ts';

/** That a subscriber refused a change, and what came of it. */
export interface VetoRecord {
  /** Of the change. */
  readonly sequence: number;
  readonly entity: string;
  readonly subscriber: string;
  /** As it was called then. */
  readonly subscriberName: string;
  /** Its owner, who takes the change back. */
  readonly actor: string;
  readonly reason: string;
  /** `PENDING` from before the change is taken back until it is known whether that could be done. */
  readonly outcome: 'PENDING' | 'COMPENSATED' | 'TOO_LATE';
  /** The sequence of the change that took it back. */
  readonly compensation: number | null;
  /** Names of the subscribers that had accepted the event. */
  readonly appliedBy: readonly string[];
  /** Ids of those that it had certainly not been sent to. */
  readonly spared: readonly string[];
  readonly time: Date;
}

/** All of them: vetoes are rare. */
export async function loadVetoes(lake: EventLake): Promise<readonly VetoRecord[]> {
  const { columns, rowCount } = await lake.read(
    sql`SELECT "sequence", entity, subscriber, subscriber_name, actor, reason, outcome, compensation, applied_by,
      spared, "time" FROM events.veto ORDER BY "time", subscriber`,
  );
  return Array.from({ length: rowCount }, (_, row) => {
    const cell = (position: number) => columns[position]?.[row] ?? null;
    return {
      sequence: Number(cell(0)),
      entity: String(cell(1)),
      subscriber: String(cell(2)),
      subscriberName: String(cell(3)),
      actor: String(cell(4)),
      reason: String(cell(5)),
      outcome: String(cell(6)) as VetoRecord['outcome'],
      compensation: numberOf(cell(7)),
      appliedBy: JSON.parse(String(cell(8))) as readonly string[],
      spared: JSON.parse(String(cell(9))) as readonly string[],
      time: dateOf(cell(10)) ?? new Date(0),
    };
  });
}

/** Writes it, or what became of it. */
export async function putVeto(lake: EventLake, veto: VetoRecord): Promise<void> {
  const compensation = veto.compensation === null ? null : BigInt(veto.compensation);
  await lake.write(
    (tx) =>
      tx.run(
        sql`INSERT INTO events.veto ("sequence", entity, subscriber, subscriber_name, actor, reason, outcome, compensation,
        applied_by, spared, "time") VALUES (${value(BigInt(veto.sequence))}, ${value(veto.entity)},
        ${value(veto.subscriber)}, ${value(veto.subscriberName)}, ${value(veto.actor)}, ${value(veto.reason)},
        ${value(veto.outcome)}, ${value(compensation)}, ${value(JSON.stringify(veto.appliedBy))},
        ${value(JSON.stringify(veto.spared))}, ${value(timestampOf(veto.time))})
        ON CONFLICT DO UPDATE SET outcome = excluded.outcome, compensation = excluded.compensation`,
      ),
    changesNothing,
  );
}
