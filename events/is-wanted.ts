import type { Change } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import { entitiesWithEvents, eventTypeOf } from './event-types.ts';
import type { SubscriberChoices } from './subscriber-record.ts';

/** As the source of a change that takes another one back, because a subscriber refused that. */
export const vetoSource = 'tributary/veto';

/**
 * Whether a subscriber gets the event of a change. What its owner did it knows already, unless it asks for that; but
 * a change that was taken back has its refuser as its actor, who may own other subscribers that applied it.
 */
export function isWanted(
  change: Change,
  subscriber: SubscriberChoices & { readonly owner: string },
  model: LakeModel,
): boolean {
  const isOwn = change.actor === subscriber.owner && change.source !== vetoSource;
  if (isOwn && !subscriber.includesOwn) return false;
  if (!entitiesWithEvents(model).has(change.entity)) return false;
  return isChosen(change.entity, eventTypeOf(change.entity, change.kind), subscriber);
}

/** Whether it is among the entities and the types of events that a subscriber chose. */
export function isChosen(
  entity: string,
  type: string,
  { entities, types }: Pick<SubscriberChoices, 'entities' | 'types'>,
): boolean {
  if (entities.length > 0 && !entities.includes(entity)) return false;
  return types.length === 0 || types.includes(type);
}
