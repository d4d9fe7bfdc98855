import { raise } from '../../foundation/errors/tributary-error.ts';
import type { LakeModel } from '../../mapping/model.ts';
import type { AuthoredSchema } from '../../mapping/overrides.ts';
import { collectTypes, locate } from '../../mapping/schema-source.ts';
import { namesOf } from './names.ts';

/** Refuses authored types and root fields under names that the hub needs for its own, and entities that need the same. */
export function checkReservedNames(model: LakeModel, schemas: readonly AuthoredSchema[]): void {
  const names = [...model.entities.keys()].map((entity) => ({ entity, ...namesOf(entity) }));
  for (const { entity, many } of names) {
    const other = names.find((candidate) => candidate.entity !== entity && candidate.one === many);
    const { location } = model.entities.get(other?.entity ?? '')?.identity ?? {};
    if (other === undefined) continue;
    throw raise('HUB_NAME_RESERVED', { name: `Query.${many}`, entity }, { at: location });
  }
  for (const { document } of schemas) {
    const types = collectTypes(document);
    for (const { entity, connection, edge, many } of names) {
      for (const name of [connection, edge]) {
        const type = types.get(name);
        if (type !== undefined)
          throw raise('HUB_NAME_RESERVED', { name, entity }, { at: type.location });
      }
      const field = types.get('Query')?.fields.find((candidate) => candidate.name.value === many);
      if (field !== undefined) {
        throw raise('HUB_NAME_RESERVED', { name: `Query.${many}`, entity }, { at: locate(field) });
      }
    }
  }
}
