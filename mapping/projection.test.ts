import { describe, expect, it } from 'vitest';
import { fieldColumn, projectionsOf, referenceColumn, type Projection } from './projection.ts';
import { inlineModel } from './testing/inline-domain.ts';

const identity =
  'type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String }';
const sales = 'type Customer @key(fields: "id") @table { id: ID! rank: Int }';

function projectionOf(
  domains: Readonly<Record<string, string>>,
  entity = 'Customer',
  remotes: Readonly<Record<string, string>> = {},
): Projection {
  const projection = projectionsOf(inlineModel(domains, remotes)).get(entity);
  if (projection === undefined) throw new Error(`there is no ${entity}`);
  return projection;
}

const namesOf = ({ columns }: Projection): readonly string[] => columns.map(({ name }) => name);

it('holds the key once and every lake-backed field of every domain', () => {
  const projection = projectionOf({ identity, sales });
  expect(namesOf(projection)).toEqual(['id', 'name', 'rank']);
  expect(projection.key).toEqual(['id']);
  expect(projection.table).toMatch(/^customer_[0-9a-f]{10}$/);
});

it('leaves out a field that has left the lake', () => {
  const crm = 'type Customer @key(fields: "id") { id: ID! rank: Int @override(from: "sales") }';
  expect(namesOf(projectionOf({ identity, sales }, 'Customer', { crm }))).toEqual(['id', 'name']);
});

describe('its name', () => {
  const nameOf = (part: string, first = identity): string =>
    projectionOf({ identity: first, sales: part }).table;
  const original = nameOf(sales);

  it('is the same for the same shape', () => {
    expect(nameOf(sales)).toBe(original);
    expect(nameOf(sales.replace('{ id', '{ "The key." id'))).toBe(original);
    expect(nameOf(sales.replace('rank: Int', 'rank: Int @deprecated'))).toBe(original);
    expect(nameOf(sales.replace('rank: Int', 'rank: Int score: Int @computed'))).toBe(original);
  });

  it.each([
    ['another field', 'type Customer @key(fields: "id") @table { id: ID! rank: Int level: Int }'],
    [
      'another field name',
      'type Customer @key(fields: "id") @table { id: ID! level: Int @column(name: "rank") }',
    ],
    [
      'another column',
      'type Customer @key(fields: "id") @table { id: ID! rank: Int @column(name: "level") }',
    ],
    [
      'another expression',
      'type Customer @key(fields: "id") @table { id: ID! rank: Int @column(from: "rank + 1") }',
    ],
    [
      'another type',
      'type Customer @key(fields: "id") @table { id: ID! rank: Int @column(type: "BIGINT") }',
    ],
    [
      'a default',
      'type Customer @key(fields: "id") @table { id: ID! rank: Int @column(default: "0") }',
    ],
    [
      'a default of null',
      'type Customer @key(fields: "id") @table { id: ID! rank: Int @column(default: null) }',
    ],
    [
      'another table',
      'type Customer @key(fields: "id") @table(name: "client") { id: ID! rank: Int }',
    ],
    [
      'another key column',
      'type Customer @key(fields: "id") @table { id: ID! @column(name: "no") rank: Int }',
    ],
    [
      'another key',
      'type Customer @key(fields: "id") @key(fields: "rank") @table { id: ID! rank: Int }',
    ],
    [
      'a related table',
      'type Customer @key(fields: "id") @table @related(table: "t", columns: ["a"]) { id: ID! rank: Int }',
    ],
    [
      'a relation',
      'type Customer @key(fields: "id") @table { id: ID! rank: Int boss: Customer @relation(columns: ["a"]) }',
    ],
  ])('is another one for %s', (_, part) => {
    expect(nameOf(part)).not.toBe(original);
  });

  it('is another one when a field changes its owner', () => {
    const support = 'type Customer @key(fields: "id") @table { id: ID! }';
    const other = projectionOf({ identity, sales: support, support: sales }).table;
    expect(other).not.toBe(projectionOf({ identity, sales, support }).table);
  });

  it('is its own for every entity, also for two that differ by case', () => {
    const projections = projectionsOf(
      inlineModel({
        hr: 'type HttpLog @key(fields: "id") @table { id: ID! } type HTTPLog @key(fields: "id") @table { id: ID! }',
      }),
    );
    expect(new Set([...projections.values()].map(({ table }) => table)).size).toBe(2);
  });
});

describe('field names that differ by case alone', () => {
  const part =
    'type Customer @key(fields: "id") @table { id: ID! fax: String FAX: String @column(name: "f2") Fax: String @column(name: "f3") }';

  it('get a number, which no GraphQL name can end with', () => {
    const projection = projectionOf({ sales: part });
    expect(namesOf(projection)).toEqual(['id', 'fax', 'FAX~2', 'Fax~3']);
    expect(['fax', 'FAX', 'Fax'].map((name) => fieldColumn(projection.entity, name))).toEqual([
      'fax',
      'FAX~2',
      'Fax~3',
    ]);
  });

  it('may stand in different domains', () => {
    const other = 'type Customer @key(fields: "id") @table { id: ID! NAME: String }';
    expect(namesOf(projectionOf({ identity, sales: other }))).toEqual(['id', 'name', 'NAME~2']);
  });
});

describe('columns that relations go by', () => {
  const billing = `
    type Customer @key(fields: "id") @table { id: ID! invoices: [Invoice!]! @relation(columns: ["customer_id"]) }
    type Invoice @key(fields: "no") @table { no: ID! payer: Customer @relation(columns: ["payer_id"]) }`;

  it('are held for a relation to one where it starts, and for one to many where it ends', () => {
    const invoice = projectionOf({ identity, billing }, 'Invoice');
    expect(invoice.columns.slice(1)).toMatchObject([
      {
        kind: 'reference',
        name: 'billing.payer_id',
        sqlType: { kind: 'VARCHAR' },
        column: 'payer_id',
      },
      {
        kind: 'reference',
        name: 'billing.customer_id',
        sqlType: { kind: 'VARCHAR' },
        column: 'customer_id',
      },
    ]);
    expect(invoice.indexes).toEqual([['billing.customer_id']]);
    expect(namesOf(projectionOf({ identity, billing }))).toEqual(['id', 'name']);
  });

  it('are held once, however often and in whatever spelling relations name them', () => {
    const twice = billing.replace('"payer_id"', '"Customer_ID"');
    const invoice = projectionOf({ identity, billing: twice }, 'Invoice');
    expect(namesOf(invoice)).toEqual(['no', 'billing.customer_id']);
    expect(referenceColumn('billing', 'Customer_ID')).toBe('billing.customer_id');
  });

  it('have the types of the key that they hold', () => {
    const typed = identity.replace('id: ID!', 'id: ID! @column(type: "BIGINT")');
    const invoice = projectionOf(
      {
        identity: typed,
        billing: billing.replace('{ id: ID!', '{ id: ID! @column(type: "BIGINT")'),
      },
      'Invoice',
    );
    expect(invoice.columns.slice(1).map(({ sqlType }) => sqlType.kind)).toEqual([
      'BIGINT',
      'BIGINT',
    ]);
  });

  it('cannot be taken for a field of that name', () => {
    const part =
      'type Customer @key(fields: "id") @table { id: ID! boss_id: ID boss: Customer @relation(columns: ["boss_id"]) }';
    expect(namesOf(projectionOf({ sales: part }))).toEqual(['id', 'boss_id', 'sales.boss_id']);
  });
});

it('is looked up by other keys too, as long as their fields are in the lake', () => {
  const part =
    'type Customer @key(fields: "id") @key(fields: "rank name") @table { id: ID! rank: Int name: String }';
  expect(projectionOf({ sales: part }).indexes).toEqual([['rank', 'name']]);
  const crm = 'type Customer @key(fields: "id") { id: ID! rank: Int @override(from: "sales") }';
  expect(projectionOf({ sales: part }, 'Customer', { crm }).indexes).toEqual([]);
});
