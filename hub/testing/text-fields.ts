import type { Entity, OwnedField } from '../../mapping/model.ts';

/** What is searched of an entity that hides nothing. */
export function textFields({ fields }: Entity): readonly OwnedField[] {
  return fields.filter(({ field }) => ['id', 'string'].includes(field.wireType.kind));
}
