import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import type { ChangeKind } from '../ledger/change.ts';
import type { Entity, LakeModel } from '../mapping/model.ts';

const endings = { create: 'Created', update: 'Updated', delete: 'Deleted' } as const;

const kinds: readonly ChangeKind[] = ['create', 'update', 'delete'];

/** `CustomerCreated`, `CustomerUpdated`, `CustomerDeleted`. */
export function eventTypeOf(entity: string, kind: ChangeKind): string {
  return `${entity}${endings[kind]}`;
}

/** The entities whose changes are events: those whose identity says which fields all tools agree on. */
export function entitiesWithEvents(model: LakeModel): ReadonlyMap<string, Entity> {
  const known = byModel.get(model);
  if (known !== undefined) return known;
  const entities = new Map(
    [...model.entities].filter(([, { identity }]) => identity.leanFields !== undefined),
  );
  byModel.set(model, entities);
  return entities;
}

/** Models never change, so what follows from one is made once. */
const byModel = new WeakMap<LakeModel, ReadonlyMap<string, Entity>>();

/** What a type of event says; undefined for one that there is not. */
export function readEventType(
  type: string,
  model: LakeModel,
): { readonly entity: Entity; readonly kind: ChangeKind } | undefined {
  for (const [name, entity] of entitiesWithEvents(model)) {
    const kind = kinds.find((candidate) => type === eventTypeOf(name, candidate));
    if (kind !== undefined) return { entity, kind };
  }
  return undefined;
}

/** Why there are no events of an entity; undefined where there are. */
export function problemOfEntity(name: string, model: LakeModel): string | undefined {
  const entities = entitiesWithEvents(model);
  if (entities.has(name)) return undefined;
  return `There are no events of an entity "${name}". ${didYouMean(name, entities.keys())}`;
}

/** Why there are no events of a type; undefined where there are. */
export function problemOfType(type: string, model: LakeModel): string | undefined {
  if (readEventType(type, model) !== undefined) return undefined;
  const known = [...entitiesWithEvents(model).keys()].flatMap((name) =>
    kinds.map((kind) => eventTypeOf(name, kind)),
  );
  return `There are no events of the type "${type}". ${didYouMean(type, known)}`;
}
