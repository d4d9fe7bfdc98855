import { firstStamp } from '../ledger/hybrid-clock.ts';
import type { Change, RowTexts } from '../ledger/change.ts';
import type { Entity } from '../mapping/model.ts';
import { dataOfKey, dataOfRow } from './event-data.ts';
import type { CloudEvent } from './event-service.ts';
import { eventTypeOf } from './event-types.ts';

/** The event of a change of an identity. Of a person whose values were erased it tells the key alone. */
export function toCloudEvent(change: Change, entity: Entity): CloudEvent {
  const { sequence, kind, key, cause, reverses, mergedInto } = change;
  const row = kind === 'delete' ? null : change.after;
  const merged = mergedInto === null ? {} : { mergedInto };
  return {
    specversion: '1.0',
    id: String(sequence),
    source: change.source,
    type: eventTypeOf(entity.name, kind),
    subject: key,
    time: change.time.toISOString(),
    datacontenttype: 'application/json',
    data: row === null ? { ...dataOfKey(entity, key), ...merged } : dataOfRow(entity, row),
    entityversion: change.version ?? 1,
    hlc: change.stamp,
    origin: change.actor,
    sequence: sequenceText(sequence),
    partitionkey: partitionOf(entity.name, key),
    ...(cause === null || cause === '' ? {} : { causationid: cause }),
    ...(reverses === null ? {} : { reverses: String(reverses) }),
  };
}

/** An identity as it was at a place in the log. */
export interface PastIdentity {
  readonly key: string;
  readonly row: RowTexts;
  readonly version: number;
  /** Undefined where nothing is known to have happened to it. */
  readonly stamp: string | undefined;
}

/**
 * The event by which a new subscriber hears of an entity that was there before it. Sent again, it is the same event:
 * nothing in it depends on when it is made.
 */
export function toSnapshotEvent(
  { key, row, version, stamp }: PastIdentity,
  entity: Entity,
  snapshot: { readonly position: number; readonly time: Date },
): CloudEvent {
  const partition = partitionOf(entity.name, key);
  return {
    specversion: '1.0',
    id: `snapshot:${snapshot.position}:${partition}`,
    source: 'tributary/snapshot',
    type: eventTypeOf(entity.name, 'create'),
    subject: key,
    time: snapshot.time.toISOString(),
    datacontenttype: 'application/json',
    data: dataOfRow(entity, row),
    entityversion: version,
    hlc: stamp ?? firstStamp,
    origin: 'tributary',
    sequence: sequenceText(snapshot.position),
    partitionkey: partition,
  };
}

/** Events of one partition are delivered in their order. */
export function partitionOf(entity: string, key: string): string {
  return `${entity}/${key}`;
}

/** Sixteen digits hold every whole number that JSON can. */
export function sequenceText(sequence: number): string {
  return String(sequence).padStart(16, '0');
}
