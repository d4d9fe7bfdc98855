import { print } from 'graphql';
import type { Entity, LakeModel } from '../mapping/model.ts';
import type { AuthoredSchema } from '../mapping/overrides.ts';
import { collectTypes, findDirective } from '../mapping/schema-source.ts';
import { motionNamesOf, type MotionNames } from './names.ts';

/** An entity whose changes are events: its identity declares which fields it may have. */
export interface EventEntity {
  readonly name: string;
  readonly names: MotionNames;
  /** Fields of the primary key, and their types as they are written. */
  readonly key: readonly { readonly name: string; readonly type: string }[];
  readonly hasDuplicates: boolean;
  /** Lean fields that callers of the graph do not see. */
  readonly hiddenFields: readonly string[];
}

/** Entities that callers see and hear of; one that is hidden as a whole has no place here. */
export function eventEntities(
  model: LakeModel,
  schemas: readonly AuthoredSchema[],
): readonly EventEntity[] {
  const types = schemas.map(({ document }) => collectTypes(document));
  const hidden = (name: string): boolean =>
    types.some((byName) => {
      const type = byName.get(name);
      return type !== undefined && findDirective(type, 'inaccessible') !== undefined;
    });
  const hiddenFields = (name: string): readonly string[] =>
    types.flatMap((byName) =>
      (byName.get(name)?.fields ?? [])
        .filter((field) => findDirective(field, 'inaccessible') !== undefined)
        .map((field) => field.name.value),
    );
  return [...model.entities.values()]
    .filter(({ name, identity }) => identity.leanFields !== undefined && !hidden(name))
    .map((entity) => ({
      name: entity.name,
      names: motionNamesOf(entity.name),
      key: keyOf(entity, model),
      hasDuplicates: entity.identity.match !== undefined,
      hiddenFields: hiddenFields(entity.name),
    }));
}

function keyOf({ name, identity, keyFields }: Entity, { domains }: LakeModel): EventEntity['key'] {
  const document = domains.find((domain) => domain.name === identity.domain)?.document;
  const fields = (document && collectTypes(document).get(name)?.fields) ?? [];
  return keyFields.map((keyField) => {
    const authored = fields.find((field) => field.name.value === keyField.name);
    return { name: keyField.name, type: authored === undefined ? 'ID!' : print(authored.type) };
  });
}
