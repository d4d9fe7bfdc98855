import { raise } from '../foundation/errors/tributary-error.ts';
import type { Change } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { EventEdge, EventFilter } from './event-service.ts';
import { toCloudEvent } from './cloud-event.ts';
import { writeCursor } from './event-cursor.ts';
import { entitiesWithEvents, eventTypeOf, problemOfEntity, problemOfType } from './event-types.ts';

/** @throws EVENT_FILTER_INVALID for an entity or a type that there is not */
export function checkFilter({ entity, types = [] }: EventFilter, model: LakeModel): void {
  const problem =
    (entity === undefined ? undefined : problemOfEntity(entity, model)) ??
    types.map((type) => problemOfType(type, model)).find((found) => found !== undefined);
  if (problem !== undefined) throw raise('EVENT_FILTER_INVALID', { problem });
}

/** The event of a change with its cursor; undefined where the filter leaves it out. */
export function toEdge(
  change: Change,
  { entity: name, types = [], exceptActor }: EventFilter,
  model: LakeModel,
): EventEdge | undefined {
  const entity = entitiesWithEvents(model).get(change.entity);
  if (entity === undefined || (name !== undefined && name !== change.entity)) return undefined;
  if (exceptActor !== undefined && exceptActor === change.actor) return undefined;
  if (types.length > 0 && !types.includes(eventTypeOf(change.entity, change.kind)))
    return undefined;
  return { cursor: writeCursor(change.sequence), event: toCloudEvent(change, entity) };
}
