import { keyFieldsOf } from './build-entity.ts';
import type { LakeType, MappedField } from './model.ts';

/** The columns of a type's table that hold the fields of a key, in the order of the fields. */
export function keyColumnsOf(type: LakeType, fields: readonly string[]): readonly string[] {
  return keyFieldsOf(type, fields).map(columnOfKey);
}

/** The column of a key field; `keyFieldsOf` lets none through that is anything else. */
export function columnOfKey({ name, expression }: MappedField): string {
  if (expression.kind !== 'column') throw new TypeError(`${name} is no column.`);
  return expression.column;
}
