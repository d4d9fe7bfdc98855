import type { ChangeFeed } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import { partitionOf, sequenceText, toCloudEvent, toSnapshotEvent } from './cloud-event.ts';
import type { DeadLetterRecord } from './dead-letter-store.ts';
import type { CloudEvent } from './event-service.ts';
import { entitiesWithEvents, eventTypeOf } from './event-types.ts';
import { readSnapshot } from './read-snapshot.ts';
import type { EventLake } from './subscriber-store.ts';

interface Surroundings {
  readonly lake: EventLake;
  readonly feed: ChangeFeed;
  readonly model: LakeModel;
}

/**
 * The event of a dead letter as it was, made anew. Undefined where that cannot be: the entity is not in the graph any
 * more, or was erased since then.
 *
 * @param subscriberMadeAt the time of the events in its snapshot
 */
export async function eventOfLetter(
  { entity: name, key, sequence, eventId }: DeadLetterRecord,
  subscriberMadeAt: Date,
  { lake, feed, model }: Surroundings,
): Promise<CloudEvent | undefined> {
  const entity = entitiesWithEvents(model).get(name);
  if (entity === undefined) return undefined;
  if (sequence !== null) {
    const change = await feed.find(sequence);
    return change && toCloudEvent(change, entity);
  }
  const position = Number(/^snapshot:(\d+):/.exec(eventId)?.[1]);
  const page = { entity, position, afterKey: undefined, onlyKey: key, limit: 1 };
  const [past] = await readSnapshot(lake, page);
  return past && toSnapshotEvent(past, entity, { position, time: subscriberMadeAt });
}

/** What is left of an event that cannot be made anew: for people to look at, never to be sent. */
export function bareEvent({ eventId, entity, key, sequence, since }: DeadLetterRecord): CloudEvent {
  return {
    specversion: '1.0',
    id: eventId,
    source: 'tributary',
    type: eventTypeOf(entity, 'update'),
    subject: key,
    time: since.toISOString(),
    datacontenttype: 'application/json',
    data: {},
    entityversion: 1,
    hlc: `${since.toISOString()}.0000`,
    origin: 'tributary',
    sequence: sequenceText(sequence ?? 0),
    partitionkey: partitionOf(entity, key),
  };
}
