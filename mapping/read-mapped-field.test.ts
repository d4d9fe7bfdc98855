import { expect, it } from 'vitest';
import type { MappedField } from './model.ts';
import { errorOf, inlineDomain } from './testing/inline-domain.ts';

/** The field `f` as it is read from its definition, which stands in line 4. */
function fieldOf(definition: string): MappedField {
  const [type] = inlineDomain(
    'sales',
    `enum Tier { GOLD SILVER } type Other @key(fields: "id") { id: ID! }
     type A @key(fields: "id") @table @related(table: "invoice", columns: ["a_id"]) { id: ID!
       ${definition}
     }`,
  ).types;
  const field = type?.fields.find(({ name }) => name === 'f');
  if (field === undefined) throw new Error('the field is not mapped');
  return field;
}

it('is kept in a column of its own name in snake case, or in the one that it names', () => {
  const [type] = inlineDomain(
    'sales',
    'type A @key(fields: "id") @table { id: ID! accountValue: Int }',
  ).types;
  expect(type?.fields[1]?.expression).toEqual({ kind: 'column', column: 'account_value' });
  expect(fieldOf('f: Int @column(name: "F1")').expression).toEqual({
    kind: 'column',
    column: 'F1',
  });
});

it('is made of an expression, with the column type that follows from the field', () => {
  expect(fieldOf("f: Tier @column(from: \"case t when 'G' then 'GOLD' end\")")).toMatchObject({
    expression: { kind: 'case' },
    sqlType: { kind: 'VARCHAR' },
    wireType: { kind: 'enum', name: 'Tier' },
  });
});

it('knows its default, its nullability and its place', () => {
  expect(fieldOf('f: Int! @column(default: "0")')).toMatchObject({
    isNonNull: true,
    defaultValue: 0,
    location: { file: 'sales.graphql', line: 4, column: 8 },
  });
  expect(fieldOf('f: Int @column(default: null)').defaultValue).toBeNull();
  expect(fieldOf('f: Int').defaultValue).toBeUndefined();
});

it.each([
  ['f: Int! @column(default: null)', 'MAPPING_DEFAULT_INVALID', 'cannot have the default "null"'],
  ['f: Int @column(default: "few")', 'MAPPING_DEFAULT_INVALID', 'cannot have the default "few"'],
  ['f: Int @column(type: "HUGEINT")', 'MAPPING_TYPE_UNKNOWN', '"HUGEINT"'],
  ['f: Decimal', 'MAPPING_DECIMAL_SCALE', 'without a declared scale'],
  ['f: [Decimal!]', 'MAPPING_DECIMAL_SCALE', 'without a declared scale'],
  ['f: Decimal @column(type: "DECIMAL")', 'MAPPING_TYPE_UNKNOWN', '"DECIMAL"'],
  ['f: Decimal @column(type: "DOUBLE")', 'MAPPING_TYPE_MISMATCH', 'A.f is a Decimal'],
  ['f: Boolean! @column(type: "VARCHAR")', 'MAPPING_TYPE_MISMATCH', 'A.f is a Boolean!'],
  [
    'f: [Decimal] @column(type: "BIGINT[]")',
    'MAPPING_TYPE_MISMATCH',
    'column of the type BIGINT[]',
  ],
  ['f: String @column(type: "VARCHAR[]")', 'MAPPING_TYPE_MISMATCH', 'column of the type VARCHAR[]'],
  ['f: Other', 'MAPPING_RELATION_MISSING', 'leads to the type Other'],
  ['f: Strnig', 'MAPPING_SCALAR_UNKNOWN', 'Did you mean "String"?'],
  ['f: constructor', 'MAPPING_SCALAR_UNKNOWN', 'no column of the lake can hold'],
  [
    'f: Int @column(from: "count(invoices)")',
    'MAPPING_RELATED_TABLE_UNKNOWN',
    'Did you mean "invoice"?',
  ],
  ['f: Int @column(name: "a", from: "b")', 'MAPPING_COLUMN_AMBIGUOUS', 'both name and from'],
])('%s is refused with %s', (definition, code, message) => {
  const error = errorOf(() => fieldOf(definition));
  expect(error).toMatchObject({ code, at: { file: 'sales.graphql', line: 4, column: 8 } });
  expect(error.message).toContain(message);
});

it('names the place of an expression that cannot be read', () => {
  const error = errorOf(() => fieldOf('f: Int @column(from: "a +")'));
  expect(error).toMatchObject({ code: 'MAPPING_EXPRESSION_INVALID', at: { line: 4, column: 29 } });
});

it('finds an unknown table deep inside an expression', () => {
  const text = "'n' || cast(coalesce(case a when 1 then sum(bill.x) else 2 end, 0) + 1 as VARCHAR)";
  const error = errorOf(() => fieldOf(`f: String @column(from: "${text}")`));
  expect(error.code).toBe('MAPPING_RELATED_TABLE_UNKNOWN');
});
