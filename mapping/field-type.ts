import { Kind, type TypeNode } from 'graphql';
import type { SqlType, WireType } from './model.ts';

/** How a field is written in an answer, and how it is stored. */
export interface FieldType {
  readonly wireType: WireType;
  readonly sqlType: SqlType;
}

interface DraftFieldType {
  readonly wireType: WireType;
  /** The column type that the field has unless its mapping says otherwise; undefined where it must say so. */
  readonly sqlType: SqlType | undefined;
}

const scalars = new Map<string, { readonly wire: WireType; readonly sql: SqlType }>([
  ['ID', { wire: { kind: 'id' }, sql: { kind: 'VARCHAR' } }],
  ['String', { wire: { kind: 'string' }, sql: { kind: 'VARCHAR' } }],
  ['Int', { wire: { kind: 'int' }, sql: { kind: 'INTEGER' } }],
  ['Float', { wire: { kind: 'float' }, sql: { kind: 'DOUBLE' } }],
  ['Boolean', { wire: { kind: 'boolean' }, sql: { kind: 'BOOLEAN' } }],
  ['BigInt', { wire: { kind: 'bigInt' }, sql: { kind: 'BIGINT' } }],
  ['DateTime', { wire: { kind: 'dateTime' }, sql: { kind: 'TIMESTAMPTZ' } }],
  ['Date', { wire: { kind: 'date' }, sql: { kind: 'DATE' } }],
]);

/** The scalars that a lake-backed field may have. */
export const mappableScalars: readonly string[] = [...scalars.keys(), 'Decimal'];

/**
 * How a field of this GraphQL type is stored and written; undefined when the type is none that a column can hold.
 * A Decimal has no type of its own accord: its scale has to be declared.
 */
export function readFieldType(
  type: TypeNode,
  enums: ReadonlyMap<string, ReadonlySet<string>>,
  declared: SqlType | undefined,
): DraftFieldType | undefined {
  if (type.kind === Kind.NON_NULL_TYPE) return readFieldType(type.type, enums, declared);
  if (type.kind === Kind.LIST_TYPE) {
    const item = readFieldType(
      type.type,
      enums,
      declared?.kind === 'LIST' ? declared.of : declared,
    );
    if (item === undefined) return undefined;
    const hasNonNullItems = type.type.kind === Kind.NON_NULL_TYPE;
    return {
      wireType: { kind: 'list', of: item.wireType, hasNonNullItems },
      sqlType: item.sqlType && { kind: 'LIST', of: item.sqlType },
    };
  }
  return readNamedType(type.name.value, enums, declared);
}

function readNamedType(
  name: string,
  enums: ReadonlyMap<string, ReadonlySet<string>>,
  declared: SqlType | undefined,
): DraftFieldType | undefined {
  if (name === 'Decimal') {
    const scale = declared?.kind === 'DECIMAL' ? declared.scale : 0;
    return { wireType: { kind: 'decimal', scale }, sqlType: declared };
  }
  const scalar = scalars.get(name);
  if (scalar !== undefined) return { wireType: scalar.wire, sqlType: declared ?? scalar.sql };
  const values = enums.get(name);
  if (values === undefined) return undefined;
  return { wireType: { kind: 'enum', name, values }, sqlType: declared ?? { kind: 'VARCHAR' } };
}

/** Whether every value that a column of this type can have, or nearly every one, can be written as that type. */
export function canHold(sqlType: SqlType, wireType: WireType): boolean {
  if (wireType.kind === 'list') return sqlType.kind === 'LIST' && canHold(sqlType.of, wireType.of);
  return columnTypes[wireType.kind].includes(sqlType.kind);
}

const columnTypes: Readonly<Record<Exclude<WireType['kind'], 'list'>, readonly SqlType['kind'][]>> =
  {
    id: ['VARCHAR', 'INTEGER', 'BIGINT', 'DECIMAL'],
    string: ['VARCHAR', 'INTEGER', 'BIGINT', 'DECIMAL', 'DOUBLE', 'BOOLEAN', 'TIMESTAMPTZ', 'DATE'],
    int: ['INTEGER', 'BIGINT'],
    float: ['DOUBLE', 'INTEGER', 'BIGINT', 'DECIMAL'],
    boolean: ['BOOLEAN'],
    bigInt: ['BIGINT', 'INTEGER'],
    dateTime: ['TIMESTAMPTZ'],
    date: ['DATE'],
    decimal: ['DECIMAL'],
    enum: ['VARCHAR'],
  };

export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}

export function isListType(type: TypeNode): boolean {
  return (
    type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isListType(type.type))
  );
}
