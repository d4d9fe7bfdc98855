import { describe, expect, it } from 'vitest';
import { errorOf, inlineModel } from './testing/inline-domain.ts';

const identity = 'type Customer @key(fields: "id") @table @identity(fields: "id") { id: ID! }';
const part = (fields: string): string =>
  `type Customer @key(fields: "id") @table {\nid: ID!\n${fields} }`;

function ownersOf(
  field: string,
  domains: Readonly<Record<string, string>>,
  remotes: Readonly<Record<string, string>> = {},
): readonly string[] {
  const customer = inlineModel({ identity, ...domains }, remotes).entities.get('Customer');
  const owned = [
    ...(customer?.fields ?? []).map(({ owner, field: { name } }) => ({ owner, name })),
  ];
  const led = (customer?.relations ?? []).map(({ owner, relation: { name } }) => ({ owner, name }));
  return [...owned, ...led].filter(({ name }) => name === field).map(({ owner }) => owner.domain);
}

describe('a field with two owners', () => {
  it('is refused, with both places and two names to tell the facts apart', () => {
    const error = errorOf(() =>
      ownersOf('fax', { sales: part('fax: String'), shipping: part('fax: String') }),
    );
    expect(error).toMatchObject({
      code: 'FIELD_HAS_TWO_OWNERS',
      message:
        'Customer.fax has two owners: sales (sales.graphql:4:1) and shipping (shipping.graphql:4:1).',
      at: { file: 'shipping.graphql', line: 4, column: 1 },
    });
    expect(error.hint).toContain('name them apart: salesFax and shippingFax.');
  });

  it('is offered names that GraphQL takes, also for a domain with a dash', () => {
    const error = errorOf(() =>
      ownersOf('fax', { 'after-sales': part('fax: String'), b_2: part('fax: String') }),
    );
    expect(error.hint).toContain('afterSalesFax and b2Fax');
  });

  it.each([
    ['fax: Int @computed', 'fax: String'],
    ['fax: Customer @relation(columns: ["fax"])', 'fax: String'],
    ['fax(a: Int): Int', 'fax: Int @requires(fields: "id")'],
  ])('is refused whatever the two are: %s, %s', (first, second) => {
    const error = errorOf(() => ownersOf('fax', { sales: part(first), shipping: part(second) }));
    expect(error.code).toBe('FIELD_HAS_TWO_OWNERS');
  });

  it('is none when one of them only reads it', () => {
    expect(
      ownersOf('fax', { sales: part('fax: String'), shipping: part('fax: String @external') }),
    ).toEqual(['sales']);
  });
});

describe('@override', () => {
  it('moves a field within the lake', () => {
    const domains = {
      sales: part('fax: String'),
      support: part('fax: String @override(from: "sales")'),
    };
    expect(ownersOf('fax', domains)).toEqual(['support']);
  });

  it('moves a relation within the lake', () => {
    const fax = 'fax: Customer @relation(columns: ["fax"])';
    const domains = { sales: part(fax), support: part(`${fax} @override(from: "sales")`) };
    expect(ownersOf('fax', domains)).toEqual(['support']);
  });

  it('takes a field out of the lake, with and without a label', () => {
    for (const label of ['', ', label: "percent(5)"']) {
      const remotes = {
        crm: `type Customer @key(fields: "id") { id: ID! fax: String @override(from: "sales"${label}) }`,
      };
      expect(ownersOf('fax', { sales: part('fax: String') }, remotes)).toEqual([]);
    }
  });

  it('takes a field out of the lake for a resolver of another domain', () => {
    const domains = {
      sales: part('fax: String'),
      support: part('fax: String @computed @override(from: "sales")'),
    };
    expect(ownersOf('fax', domains)).toEqual([]);
  });

  it('brings a field into the lake', () => {
    const remotes = { crm: 'type Customer @key(fields: "id") { id: ID! fax: String }' };
    expect(ownersOf('fax', { sales: part('fax: String @override(from: "crm")') }, remotes)).toEqual(
      ['sales'],
    );
  });

  it('with a label leaves the field to the planner, which asks each owner for its share', () => {
    const moving = part('fax: String @override(from: "crm", label: "percent(5)")');
    const remotes = { crm: 'type Customer @key(fields: "id") { id: ID! fax: String }' };
    expect(ownersOf('fax', { sales: moving }, remotes)).toEqual([]);
    expect(ownersOf('fax', { crm: part('fax: String'), sales: moving })).toEqual([]);
  });

  it('settles nothing between others than the two that it names', () => {
    const domains = {
      sales: part('fax: String'),
      shipping: part('fax: String'),
      support: part('fax: String @override(from: "sales")'),
    };
    expect(errorOf(() => ownersOf('fax', domains)).code).toBe('FIELD_HAS_TWO_OWNERS');
  });

  it('settles nothing on another field or type', () => {
    const domains = {
      sales: part('fax: String'),
      support: part('fax: String tel: String @override(from: "sales")'),
    };
    expect(errorOf(() => ownersOf('fax', domains)).code).toBe('FIELD_HAS_TWO_OWNERS');
  });

  it('from a subgraph that is gone changes nothing', () => {
    expect(ownersOf('fax', { support: part('fax: String @override(from: "gone")') })).toEqual([
      'support',
    ]);
  });
});
