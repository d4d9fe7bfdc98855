import type { SqlType } from '../mapping/model.ts';
import type { Problem } from './identity-command.ts';
import type { IdentityField } from './identity-shape.ts';

/** Why a value is not taken: what the field takes, and what came. */
export function refuseValue({ name }: IdentityField, takes: string, came: string): Problem {
  return { code: 'INVALID', message: `${name} takes ${takes}, and ${came} came.`, field: name };
}

/** What a person would call the values of a field. */
export function valuesOf({ field, sqlType }: IdentityField): string {
  const { wireType } = field;
  return wireType.kind === 'enum' ? `a value of the enum ${wireType.name}` : valuesIn(sqlType);
}

function valuesIn(sqlType: SqlType): string {
  switch (sqlType.kind) {
    case 'VARCHAR':
      return 'a text';
    case 'INTEGER':
      return 'a whole number of 32 bits';
    case 'BIGINT':
      return 'a whole number of 64 bits';
    case 'DOUBLE':
      return 'a number';
    case 'BOOLEAN':
      return 'true or false';
    case 'TIMESTAMPTZ':
      return 'a time such as 2026-01-31T08:30:00Z';
    case 'DATE':
      return 'a date such as 2026-01-31';
    case 'DECIMAL': {
      const { precision, scale } = sqlType;
      return `a number with up to ${precision - scale} digits before the point and ${scale} after it`;
    }
    case 'LIST':
      return 'a list';
  }
}

/** A value as a sentence has it: its kind, and as much of its JSON as tells it. */
export function describeValue(wire: unknown): string {
  return `${kindOf(wire)} ${shown(wire)}`;
}

export function shown(wire: unknown): string {
  const json = JSON.stringify(wire);
  return json.length <= 80 ? json : `${json.slice(0, 79)}…`;
}

function kindOf(wire: unknown): string {
  if (Array.isArray(wire)) return 'the list';
  return typeof wire === 'string' ? 'the text' : `the ${typeof wire}`;
}
