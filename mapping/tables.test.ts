import { describe, expect, it } from 'vitest';
import type { TableDefinition } from './model.ts';
import { formatSqlType } from './sql-type.ts';
import { tableDefinitions } from './tables.ts';
import { errorOf, inlineModel } from './testing/inline-domain.ts';

function tablesOf(
  domains: Readonly<Record<string, string>>,
): Readonly<Record<string, TableDefinition>> {
  const definitions = tableDefinitions(inlineModel(domains));
  return Object.fromEntries(definitions.map((table) => [`${table.schema}.${table.name}`, table]));
}

const columnsOf = (table: TableDefinition | undefined): readonly string[] =>
  (table?.columns ?? []).map(({ name, sqlType }) => `${name} ${formatSqlType(sqlType)}`);

const identity = 'type Customer @key(fields: "id") @table @identity(fields: "id") { id: ID! }';

describe('the tables of the mappings', () => {
  it('are one for every type in every domain, with a column for every field', () => {
    const tables = tablesOf({
      identity,
      sales: `type Customer @key(fields: "id") @table(name: "Kunde") {
        id: ID! @column(name: "KundenNr")
        accountValue: Decimal @column(type: "DECIMAL(18,2)")
        tags: [String!]
        fullName: String @column(from: "first_name || ' ' || last_name")
        vip: Boolean @column(default: "false")
      }`,
    });
    expect(Object.keys(tables)).toEqual(['identity.customer', 'sales.Kunde']);
    expect(columnsOf(tables['sales.Kunde'])).toEqual([
      'KundenNr VARCHAR',
      'account_value DECIMAL(18,2)',
      'tags VARCHAR[]',
      'first_name VARCHAR',
      'last_name VARCHAR',
      'vip BOOLEAN',
    ]);
    expect(tables['sales.Kunde']).toMatchObject({
      primaryKey: ['KundenNr'],
      indexes: [],
      isNumbered: false,
    });
    expect(tables['identity.customer']).toMatchObject({ primaryKey: ['id'], isNumbered: true });
  });

  it('have columns that may be missing where every field that reads them has a default', () => {
    const columns = tablesOf({
      sales: `type A @key(fields: "id") @table { id: ID!
        a: Int @column(default: "0")
        b: Int @column(name: "shared", default: null)
        c: Int @column(name: "shared") }`,
    })['sales.a']?.columns;
    expect(columns?.map(({ name, mayBeMissing, field }) => [name, mayBeMissing, field])).toEqual([
      ['id', false, 'A.id'],
      ['a', true, 'A.a'],
      ['shared', false, 'A.c'],
    ]);
  });

  it('name the field that reads a column, and its place', () => {
    const column = tablesOf({ sales: 'type A @key(fields: "id") @table { id: ID!\n rank: Int }' })[
      'sales.a'
    ]?.columns[1];
    expect(column).toMatchObject({
      field: 'A.rank',
      location: { file: 'sales.graphql', line: 3, column: 2 },
    });
  });

  it('keep names as they are spelt, with quotes, spaces and reserved words', () => {
    const tables = tablesOf({
      sales:
        'type A @key(fields: "id") @table(name: "order by") { id: ID! @column(name: "the \\"id\\"") n: Int @column(from: "\\"select\\" + 1") }',
    });
    expect(columnsOf(tables['sales.order by'])).toEqual(['the "id" VARCHAR', 'select INTEGER']);
  });
});

describe('keys and indexes', () => {
  it('follow the key that joins the domains, whatever its order or place in a part', () => {
    const tables = tablesOf({
      identity:
        'type A @key(fields: "id region") @table @identity(fields: "id region") { id: ID! region: String! }',
      sales: `type A @key(fields: "no") @key(fields: "region id") @table {
        no: BigInt region: String! @column(name: "r") id: ID! @column(name: "i") }`,
    });
    expect(tables['sales.a']).toMatchObject({ primaryKey: ['i', 'r'], indexes: [['no']] });
  });

  it('are made for look-ups by other keys and for relations to many', () => {
    const tables = tablesOf({
      sales: `type A @key(fields: "id") @key(fields: "email") @table { id: ID! email: String
          orders: [Order!]! @relation(columns: ["a_id"]) }
        type Order @key(fields: "no") @table(name: "orders") { no: ID! a: A @relation(columns: ["a_id"]) }`,
    });
    expect(tables['sales.a']?.indexes).toEqual([['email']]);
    expect(tables['sales.orders']).toMatchObject({ primaryKey: ['no'], indexes: [['a_id']] });
    expect(columnsOf(tables['sales.orders'])).toContain('a_id VARCHAR');
  });

  it('give the columns of a relation the types of the key that they hold', () => {
    const tables = tablesOf({
      identity: 'type A @key(fields: "id") @table { id: ID! @column(type: "BIGINT") }',
      sales: `type A @key(fields: "id", resolvable: false) { id: ID! }
        type Product @key(fields: "sku", resolvable: false) { sku: Int! }
        type Order @key(fields: "no") @table { no: ID!
          a: A @relation(columns: ["a_id"]) product: Product @relation(columns: ["sku"]) }`,
    });
    expect(columnsOf(tables['sales.order'])).toEqual(['no VARCHAR', 'a_id BIGINT', 'sku INTEGER']);
  });
});

describe('a related table', () => {
  const related = (fields: string): Readonly<Record<string, TableDefinition>> =>
    tablesOf({
      sales: `type A @key(fields: "id") @table @related(table: "invoice", columns: ["a_id"]) {
        id: ID! @column(type: "BIGINT") ${fields} }`,
    });

  it('has the columns that hold the key, found by an index, and no key of its own', () => {
    expect(related('n: Int @column(from: "count(invoice)")')['sales.invoice']).toMatchObject({
      columns: [{ name: 'a_id', sqlType: { kind: 'BIGINT' } }],
      primaryKey: [],
      indexes: [['a_id']],
      isNumbered: false,
    });
  });

  it('has columns that can be summed', () => {
    const fields = `worth: Decimal @column(from: "coalesce(sum(invoice.total), 0)", type: "DECIMAL(18,2)")
      last: DateTime @column(from: "max(invoice.written)") names: Int @column(from: "count(invoice.name)")`;
    expect(columnsOf(related(fields)['sales.invoice'])).toEqual([
      'total DECIMAL(18,2)',
      'written TIMESTAMPTZ',
      'name VARCHAR',
      'a_id BIGINT',
    ]);
  });

  it('is one with the table of a type of that name, whose declared types count', () => {
    const tables = tablesOf({
      sales: `type A @key(fields: "id") @table @related(table: "Invoice", columns: ["A_ID"]) { id: ID!
          worth: Float @column(from: "sum(\\"Invoice\\".total)") }
        type Invoice @key(fields: "no") @table { no: ID! total: Decimal @column(type: "DECIMAL(9,2)")
          a: A @relation(columns: ["a_id"]) }`,
    });
    expect(Object.keys(tables)).toEqual(['sales.a', 'sales.Invoice']);
    expect(columnsOf(tables['sales.Invoice'])).toEqual([
      'total DECIMAL(9,2)',
      'A_ID VARCHAR',
      'no VARCHAR',
    ]);
    expect(tables['sales.Invoice']).toMatchObject({ primaryKey: ['no'], indexes: [['A_ID']] });
  });
});

describe('two types of one domain on one table', () => {
  it('share it: the first gives it its primary key, the other an index', () => {
    const tables = tablesOf({
      hr: `type Person @key(fields: "id") @table(name: "people") { id: ID! @column(name: "person_id") name: String }
        type Badge @key(fields: "no") @table(name: "People") { no: ID! @column(name: "badge_no") owner: String @column(name: "NAME") }`,
    });
    expect(Object.keys(tables)).toEqual(['hr.people']);
    expect(columnsOf(tables['hr.people'])).toEqual([
      'person_id VARCHAR',
      'name VARCHAR',
      'badge_no VARCHAR',
    ]);
    expect(tables['hr.people']).toMatchObject({
      primaryKey: ['person_id'],
      indexes: [['badge_no']],
      isNumbered: true,
    });
  });

  it('may have the same key', () => {
    const tables = tablesOf({
      hr: 'type A @key(fields: "id") @table(name: "t") { id: ID! } type B @key(fields: "id") @table(name: "t") { id: ID! n: Int }',
    });
    expect(tables['hr.t']).toMatchObject({ primaryKey: ['id'], indexes: [] });
  });
});

describe('a column that two mappings read', () => {
  const read = (fields: string): readonly string[] =>
    columnsOf(
      tablesOf({ sales: `type A @key(fields: "id") @table { id: ID! ${fields} }` })['sales.a'],
    );

  it('is one column when both declare the same type, however they spell it', () => {
    expect(read('a: Int @column(name: "Rank") b: Int @column(name: "rank")')).toEqual([
      'id VARCHAR',
      'Rank INTEGER',
    ]);
  });

  it('is refused when they declare different types', () => {
    const error = errorOf(() =>
      read('a: Int @column(name: "rank")\nb: String @column(name: "RANK")'),
    );
    expect(error).toMatchObject({ code: 'MAPPING_COLUMN_TYPE_CONFLICT', at: { line: 3 } });
    expect(error.message).toBe(
      'The column RANK of sales.a has one type for A.b and another for A.a.',
    );
  });

  it('is refused when a relation goes by a column of another type', () => {
    const error = errorOf(() => read('bossId: Int boss: A @relation(columns: ["boss_id"])'));
    expect(error.code).toBe('MAPPING_COLUMN_TYPE_CONFLICT');
  });

  it('has the declared type where another one reads it through an expression', () => {
    const declared = 'a: Int @column(name: "rank")';
    const derived = 'b: String @column(from: "cast(rank as VARCHAR)")';
    expect(read(`${declared} ${derived}`)).toEqual(['id VARCHAR', 'rank INTEGER']);
    expect(read(`${derived} ${declared}`)).toEqual(['id VARCHAR', 'rank INTEGER']);
  });

  it('is no text where one of two expressions calculates with it', () => {
    const text = 'a: String @column(from: "rank || \'.\'")';
    const number = 'b: Int @column(from: "rank + 1")';
    expect(read(`${text} ${number}`)).toEqual(['id VARCHAR', 'rank INTEGER']);
    expect(read(`${number} ${text}`)).toEqual(['id VARCHAR', 'rank INTEGER']);
  });
});
