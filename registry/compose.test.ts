import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatLocation, TributaryError } from '../foundation/errors/tributary-error.ts';
import { compose, type SubgraphToCompose } from './compose.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@override", "@shareable"])\n';

const committed = ['identity', 'sales', 'support', 'billing'].map((name): SubgraphToCompose => {
  const schemaFile = `subgraphs/${name}/schema.graphql`;
  return {
    name,
    url: `http://127.0.0.1/${name}`,
    sdl: readFileSync(schemaFile, 'utf8'),
    schemaFile,
  };
});

function subgraph(name: string, sdl: string): SubgraphToCompose {
  return { name, url: `http://${name}`, sdl: link + sdl, schemaFile: `${name}.graphql` };
}

/** Where the last line with this text stands in a committed schema; all such fields are indented by two. */
function placeIn(name: string, text: string): { file: string; line: number; column: number } {
  const file = `subgraphs/${name}/schema.graphql`;
  const lines = readFileSync(file, 'utf8').split('\n');
  return { file, line: lines.findLastIndex((line) => line.includes(text)) + 1, column: 3 };
}

function failureOf(subgraphs: readonly SubgraphToCompose[]): TributaryError {
  try {
    compose({ subgraphs });
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('the subgraphs compose');
}

function without(name: string): readonly SubgraphToCompose[] {
  return committed.filter((subgraphToKeep) => subgraphToKeep.name !== name);
}

describe('composing subgraphs', () => {
  it('composes the four domains without the hub', () => {
    const { supergraphSdl } = compose({ subgraphs: committed });
    expect(supergraphSdl).toContain('creditLimit: Decimal @join__field(graph: SALES, requires:');
  });

  it('says what it did that may not be meant', () => {
    const { hints } = compose({
      subgraphs: [
        subgraph('a', 'type Query { a: Int @shareable }'),
        subgraph('b', 'type Query { "Another." a(of: Int): Int @shareable }'),
      ],
    });
    expect(hints).toContainEqual(
      expect.objectContaining({ code: 'INCONSISTENT_ARGUMENT_PRESENCE', level: 'warning' }),
    );
  });

  it('gives the same text for the same subgraphs in any order', () => {
    const { supergraphSdl, hints } = compose({ subgraphs: committed });
    const again = compose({ subgraphs: committed.toReversed() });
    expect(again.supergraphSdl).toBe(supergraphSdl);
    expect(again.hints).toEqual(hints);
  });

  it('accepts the derived subgraph, and puts it first', () => {
    const hub = subgraph('_hub', 'type Query { customerCount: Int }');
    const { supergraphSdl } = compose({ subgraphs: [...committed, hub] });
    const graphs = [...supergraphSdl.matchAll(/@join__graph\(name: "(\w+)"/g)].map(
      ([, name]) => name,
    );
    expect(graphs).toEqual(['_hub', 'billing', 'identity', 'sales', 'support']);
  });

  it('lets a remote subgraph take a field with @override', () => {
    const crm = subgraph(
      'crm',
      'type Customer @key(fields: "id") { id: ID! salesRep: String @override(from: "sales") }',
    );
    const { supergraphSdl, hints } = compose({ subgraphs: [...committed, crm] });
    expect(supergraphSdl).toContain('salesRep: String @join__field(graph: CRM, override: "sales")');
    expect(hints).toContainEqual(
      expect.objectContaining({ code: 'OVERRIDDEN_FIELD_CAN_BE_REMOVED', level: 'info' }),
    );
  });

  it('composes a subgraph of Federation 1', () => {
    const legacy: SubgraphToCompose = {
      name: 'legacy',
      url: 'http://legacy',
      sdl: 'extend type Customer @key(fields: "id") { id: ID! @external faxNumber: String }',
    };
    expect(compose({ subgraphs: [...committed, legacy] }).supergraphSdl).toContain('faxNumber');
  });
});

describe('a domain that is gone', () => {
  it('leaves a working graph when nothing needs it', () => {
    const { supergraphSdl } = compose({ subgraphs: without('support') });
    expect(supergraphSdl).not.toContain('supportTier');
  });

  it('is missed by the domain that @requires its field, and the error says which', () => {
    const error = failureOf(without('billing'));
    expect(error.code).toBe('COMPOSITION_FAILED');
    expect(error.message).toContain(
      'No subgraph provides Customer.paymentTerms any more, but Customer.creditLimit of sales @requires it.',
    );
    expect(error.hint).toBe(
      'Bring back a subgraph that owns Customer.paymentTerms, or remove Customer.creditLimit from sales.',
    );
    expect(error.at).toEqual(placeIn('sales', 'paymentTerms: PaymentTerms @external'));
  });

  it('is missed by what names its field inside a field set or a key', () => {
    const error = failureOf([
      subgraph(
        'orders',
        `type Query { order: Order }
         type Order @key(fields: "id") {
           id: ID!
           customer: Customer @provides(fields: "address { city }")
         }
         type Customer @key(fields: "id") { id: ID! address: Address @external }
         type Address { city: String @external }`,
      ),
      subgraph(
        'post',
        `type Customer @key(fields: "id") {
           id: ID!
           address: Address @external
           postage: Int @requires(fields: "address { ... on Address { city } }")
         }
         type Address { city: String @external }`,
      ),
    ]);
    expect(error.message).toContain(
      'No subgraph provides Address.city any more, but Order.customer of orders @provides it, and Customer.postage of post @requires it.',
    );
  });

  it('is missed by the domain that extends its type', () => {
    const error = failureOf([
      subgraph('a', 'type Query { one: Int }'),
      subgraph('b', 'extend type Gone @key(fields: "id") { id: ID! two: Int }'),
    ]);
    expect(error.message).toContain('b.graphql:2:1 (b): Type "Gone" is an extension type');
    expect(error.hint).toContain('The subgraph that defined the type is gone');
  });
});

describe('problems of composition', () => {
  it('names both owners of a field, and offers the rename', () => {
    const shipping = subgraph(
      'shipping',
      'type Customer @key(fields: "id") { id: ID! salesRep: String }',
    );
    const error = failureOf([...committed, shipping]);
    const first = placeIn('sales', 'salesRep: String');
    expect(error.message).toContain(`${formatLocation(first)} (sales)\n`);
    expect(error.message).toContain('shipping.graphql:2:44 (shipping)');
    expect(error.message).toContain('[INVALID_FIELD_SHARING]');
    expect(error.hint).toContain('name them apart: salesRep and shippingSalesRep');
    expect(error.at).toEqual(first);
  });

  it('offers @shareable for a type that is a value', () => {
    const error = failureOf([
      subgraph('a', 'type Query { a: Money } type Money { amount: Int }'),
      subgraph('b', 'type Query { b: Money } type Money { amount: Int }'),
    ]);
    expect(error.hint).toContain('mark it @shareable in all of them');
  });

  it('names every subgraph of a type mismatch', () => {
    const error = failureOf([
      ...committed,
      subgraph('shipping', 'type Customer @key(fields: "id") { id: Int! fax: String }'),
    ]);
    expect(error.message).toContain(`${formatLocation(placeIn('support', 'id: ID!'))} (support)`);
    expect(error.message).toContain('shipping.graphql:2:36 (shipping)');
    expect(error.message).toContain('[FIELD_TYPE_MISMATCH]');
  });

  it('finds the place of a field that cannot be reached, and leaves out the detours', () => {
    const error = failureOf([
      ...committed,
      subgraph(
        'shipping',
        'type Customer { id: ID! @shareable fax: String } type Query { c: Customer }',
      ),
    ]);
    expect(error.at).toEqual({ file: 'shipping.graphql', line: 2, column: 36 });
    expect(error.message).toContain('[SATISFIABILITY_ERROR]');
    expect(error.message).toContain('type "Customer" has no @key defined in subgraph "shipping"');
    expect(error.message).not.toContain('ignoring moving');
    expect(error.message).toContain('    Give the type a @key in the subgraph that has the field');
  });

  it.each([
    ['type Query { a: Strin }', 2, 17, 'Unknown type Strin', 'Did you mean "String"?'],
    ['type Query @keys { a: Int }', 2, 12, 'Unknown directive "@keys"', 'Did you mean "@key"?'],
    ['type Query { a: Int } type T { a: Int } type T { a: Int }', 2, 23, 'only one type', 'Mend'],
    [
      'type Query { a: T } type T @key(fields: "x") { a: Int }',
      2,
      28,
      '"x"',
      'A @key names fields',
    ],
  ])('finds the place of the mistake in %s', (sdl, line, column, message, hint) => {
    const error = failureOf([subgraph('a', sdl)]);
    expect(error.at).toEqual({ file: 'a.graphql', line, column });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  it('says that a graph without a query is none', () => {
    const error = failureOf([subgraph('a', 'type T { a: Int }')]);
    expect(error.message).toContain('[NO_QUERIES]');
    expect(error.at).toBeUndefined();
  });

  it('names the place of a syntax error', () => {
    expect(failureOf([subgraph('a', 'type Query { a: }')])).toMatchObject({
      code: 'SCHEMA_SYNTAX',
      at: { file: 'a.graphql', line: 2, column: 17 },
    });
  });
});
