import { raise } from '../foundation/errors/tributary-error.ts';
import { dateText, dateTimeText } from '../wire/calendar-text.ts';
import { decimalText } from '../wire/decimal-text.ts';
import { toKeyValue } from '../wire/to-lake-value.ts';
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
} from '@duckdb/node-api';
import type { LakeValue } from '../lake/sql.ts';
import type {
  Entity,
  IdentityMutation,
  LakeModel,
  MappedField,
  MatchField,
  SqlType,
} from '../mapping/model.ts';
import { stampedFields } from '../mapping/read-identity-mutations.ts';

/** What a field of an identity is to a command. */
export type FieldRole = 'key' | 'data' | (typeof stampedFields)[number];

export interface IdentityField {
  readonly name: string;
  readonly column: string;
  readonly sqlType: SqlType;
  readonly isNonNull: boolean;
  readonly role: FieldRole;
  readonly field: MappedField;
}

/** How the identity of an entity is written. */
export interface IdentityShape {
  readonly entity: Entity;
  readonly schema: string;
  readonly table: string;
  readonly fields: readonly IdentityField[];
  /** In the order of the key. */
  readonly keyFields: readonly IdentityField[];
  readonly match: MatchField | undefined;
  /** The mutation by which two entities become one, where there is one. */
  readonly mergeMutation: string | undefined;
}

/**
 * The identities that commands can change: those that are declared and kept in plain columns.
 * @throws MUTATION_FIELD_UNWRITABLE where one has mutations and cannot be changed
 */
export function identityShapes(model: LakeModel): ReadonlyMap<string, IdentityShape> {
  const shapes = new Map<string, IdentityShape>();
  const mutations = model.domains.flatMap((domain) => domain.mutations);
  for (const entity of model.entities.values()) {
    if (entity.identity.leanFields === undefined) continue;
    const own = mutations.filter((mutation) => mutation.entity === entity.name);
    const unwritable = entity.identity.fields.find((field) => problemOf(field) !== undefined);
    if (unwritable === undefined) {
      shapes.set(entity.name, shapeOf(entity, own));
      continue;
    }
    if (own.length === 0) continue;
    const parameters = {
      field: `${entity.name}.${unwritable.name}`,
      problem: problemOf(unwritable) ?? '',
    };
    throw raise('MUTATION_FIELD_UNWRITABLE', parameters, { at: unwritable.location });
  }
  return shapes;
}

function problemOf({ expression, wireType }: MappedField): string | undefined {
  if (expression.kind !== 'column') return 'it is made by an expression';
  return wireType.kind === 'list' ? 'it is a list' : undefined;
}

function shapeOf(entity: Entity, mutations: readonly IdentityMutation[]): IdentityShape {
  const { identity } = entity;
  const keyNames = entity.keyFields.map(({ name }) => name);
  const fields = identity.fields.map((field): IdentityField => ({
    name: field.name,
    column: field.expression.kind === 'column' ? field.expression.column : field.name,
    sqlType: field.sqlType,
    isNonNull: field.isNonNull,
    role: keyNames.includes(field.name)
      ? 'key'
      : (stampedFields.find((stamped) => stamped === field.name) ?? 'data'),
    field,
  }));
  return {
    entity,
    schema: identity.domain,
    table: identity.table,
    fields,
    keyFields: keyNames.flatMap((name) => fields.find((field) => field.name === name) ?? []),
    match: identity.match,
    mergeMutation: mutations.find(({ kind }) => kind === 'merge')?.name,
  };
}

/** A value of the lake as the log keeps it; `valueOf` makes the same value of it again. */
export function textOf(value: LakeValue): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale);
  if (value instanceof DuckDBDateValue) return dateText(value.days) ?? String(value);
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue)
    return dateTimeText(value.micros) ?? String(value);
  return String(value);
}

/** The value of the lake that a text of the log, or of a request, stands for; undefined when there is none such. */
export function valueOf(text: unknown, sqlType: SqlType): LakeValue | undefined {
  return text === null ? null : toKeyValue(text, sqlType);
}
