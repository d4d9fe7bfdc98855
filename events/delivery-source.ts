import type { Change, ChangeFeed } from '../ledger/change.ts';
import type { Entity, LakeModel } from '../mapping/model.ts';
import { partitionOf, toCloudEvent, toSnapshotEvent } from './cloud-event.ts';
import type { Deliverable } from './delivery-window.ts';
import type { CloudEvent } from './event-service.ts';
import { entitiesWithEvents } from './event-types.ts';
import { isWanted } from './is-wanted.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { SnapshotCursor, SubscriberRecord } from './subscriber-record.ts';
import type { EventLake } from './subscriber-store.ts';

/** How far a subscriber has come: in its snapshot first, then in the log. */
export type Place =
  | { readonly kind: 'snapshot'; readonly cursor: SnapshotCursor | null }
  | { readonly kind: 'log'; readonly sequence: number };

export interface EventItem extends Deliverable<Place> {
  readonly event: CloudEvent;
  readonly entity: string;
  readonly key: string;
  /** Undefined for what is of the snapshot. */
  readonly change: Change | undefined;
}

export interface SourceRead {
  readonly items: readonly EventItem[];
  /** Up to where was read. */
  readonly place: Place;
  /** Nothing follows in the snapshot; the log has no end. */
  readonly isEnd: boolean;
}

/** The next changes that a subscriber wants. */
export async function readLog(
  feed: ChangeFeed,
  after: number,
  limit: number,
  record: SubscriberRecord,
  model: LakeModel,
): Promise<SourceRead> {
  const { changes, position } = await feed.read({ after, limit });
  const items = changes.flatMap((change): readonly EventItem[] => {
    const entity = entitiesWithEvents(model).get(change.entity);
    if (entity === undefined || !isWanted(change, record, model)) return [];
    const { sequence, key } = change;
    const event = toCloudEvent(change, entity);
    const place: Place = { kind: 'log', sequence };
    return [{ place, partition: event.partitionkey, event, entity: entity.name, key, change }];
  });
  return { items, place: { kind: 'log', sequence: Math.max(after, position) }, isEnd: false };
}

/** The next entities of a subscriber's snapshot: one page, of one entity. */
export async function readSnapshotItems(
  lake: EventLake,
  record: SubscriberRecord,
  after: SnapshotCursor | null,
  limit: number,
  model: LakeModel,
): Promise<SourceRead> {
  const entity = entityAt(record, after, model);
  if (entity === undefined)
    return { items: [], place: { kind: 'snapshot', cursor: after }, isEnd: true };
  const position = record.progress.snapshotPosition ?? 0;
  const afterKey = after?.entity === entity.name ? (after.key ?? undefined) : undefined;
  const found = await readSnapshot(lake, { entity, position, afterKey, limit });
  const items = found.map((identity): EventItem => {
    const { key } = identity;
    const event = toSnapshotEvent(identity, entity, { position, time: record.createdAt });
    const place: Place = { kind: 'snapshot', cursor: { entity: entity.name, key } };
    const partition = partitionOf(entity.name, key);
    return { place, partition, event, entity: entity.name, key, change: undefined };
  });
  const last = found.length < limit ? null : (found.at(-1)?.key ?? null);
  const cursor = { entity: entity.name, key: last };
  return { items, place: { kind: 'snapshot', cursor }, isEnd: false };
}

/** The entity that the snapshot goes on with; undefined when it is through with all. */
function entityAt(
  record: SubscriberRecord,
  after: SnapshotCursor | null,
  model: LakeModel,
): Entity | undefined {
  const entities = [...entitiesWithEvents(model).values()]
    .filter(({ name }) => record.entities.length === 0 || record.entities.includes(name))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  if (after === null) return entities[0];
  return entities.find(({ name }) =>
    after.key === null ? name > after.entity : name >= after.entity,
  );
}
