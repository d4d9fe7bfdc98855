import { readFileSync } from 'node:fs';
import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { locate, parseSchema } from '../mapping/schema-source.ts';
import { compose } from './compose.ts';
import { prepare } from './prepare-for-composition.ts';
import { validateSubgraph } from './validate-subgraph.ts';

const url = 'https://specs.apollo.dev/federation/v2.9';
const link = `extend schema @link(url: "${url}", import: ["@key", "@external", "@override"])`;

function prepareText(
  sdl: string,
  changes: { readonly shareable?: readonly string[]; readonly removed?: readonly string[] },
): string {
  const document = prepare(parseSchema(sdl, 'a.graphql'), {
    shareable: new Set(changes.shareable),
    removed: new Set(changes.removed),
  });
  validateSubgraph({ name: 'a', document });
  return print(document);
}

describe('a schema on its way into the supergraph', () => {
  it('stays as it is when nothing changes', () => {
    const sdl = readFileSync('subgraphs/billing/schema.graphql', 'utf8');
    expect(prepareText(sdl, { shareable: ['Customer.name'], removed: ['Query.customer'] })).toBe(
      print(parse(sdl)),
    );
  });

  it.each([
    [`@link(url: "${url}", import: ["@key", "@shareable"])`, '@key', '@shareable'],
    [`@link(url: "${url}", import: ["@key"])`, '@key', '@federation__shareable'],
    [`@link(url: "${url}")`, '@federation__key', '@federation__shareable'],
    [`@link(url: "${url}", as: "fed")`, '@fed__key', '@fed__shareable'],
    [
      `@link(url: "${url}", import: ["@key", { name: "@shareable", as: "@shared" }])`,
      '@key',
      '@shared',
    ],
  ])('marks fields as shareable with %s', (linkDirective, key, expected) => {
    const sdl = `extend schema ${linkDirective} type T ${key}(fields: "id") { id: ID! a: Int } extend type T { b: Int }`;
    const text = prepareText(sdl, { shareable: ['T.a', 'T.b'] });
    expect(text).toContain(`a: Int ${expected}`);
    expect(text).toContain(`b: Int ${expected}`);
    expect(text).not.toContain(`id: ID! ${expected}`);
  });

  it('leaves interfaces, @external fields and what is shareable already', () => {
    const shareableLink = link.replace('"@key"', '"@key", "@shareable"');
    const sdl = `${shareableLink}
      type Query { t: T }
      interface I { a: Int }
      type T implements I @key(fields: "id x") { id: ID! x: Int! @external a: Int @shareable }
      type V @shareable { v: Int }`;
    const text = prepareText(sdl, { shareable: ['I.a', 'T.a', 'T.x', 'V.v'] });
    expect(text).toBe(print(parse(sdl)));
  });

  it('drops removed fields, also from the interfaces of their type', () => {
    const text = prepareText(
      `${link}
       interface HasInvoices { id: ID! invoices: [Invoice] }
       type Customer implements HasInvoices @key(fields: "id") { id: ID! invoices: [Invoice] }
       type Prospect implements HasInvoices @key(fields: "id") { id: ID! invoices: [Invoice] }
       type Invoice { total: Int }`,
      { removed: ['Customer.invoices'] },
    );
    expect(text.match(/invoices/g)).toHaveLength(1);
  });

  it('drops a type that loses all its fields, and what names it', () => {
    const text = prepareText(
      `schema @link(url: "${url}", import: ["@key"]) { query: Query }
       type Query { customer: T }
       extend type Query { customers: [T] }
       interface Empty { a: Int }
       type T implements Empty @key(fields: "id") { id: ID! a: Int }`,
      { removed: ['Query.customer', 'Query.customers', 'T.a'] },
    );
    expect(text).not.toContain('Query');
    expect(text).not.toContain('Empty');
    expect(text).toContain('extend schema @link');
  });

  it('keeps Query while a field is left', () => {
    const text = prepareText(`${link} type Query { a: Int } extend type Query { b: Int }`, {
      removed: ['Query.a'],
    });
    expect(text).toContain('b: Int');
  });

  it('refuses to share fields of a schema of Federation 1', () => {
    expect(() => prepareText('type T { a: Int }', { shareable: ['T.a'] })).toThrow(
      'does not link Federation 2',
    );
  });

  it('keeps the places of the authored file', () => {
    const document = prepare(parseSchema(`${link}\ntype T { a: Int }`, 'a.graphql'), {
      shareable: new Set(['T.a']),
      removed: new Set(),
    });
    const type = document.definitions[1];
    expect(type && locate(type)).toEqual({ file: 'a.graphql', line: 2, column: 1 });
  });

  it('composes with a hub that resolves the same fields', () => {
    const names = ['identity', 'sales', 'support', 'billing'];
    const shareable = new Set(['Customer.salesRep', 'Customer.name', 'Invoice.amount']);
    const removed = new Set(['Query.customer', 'Customer.invoices']);
    const authored = names.map((name) => {
      const file = `subgraphs/${name}/schema.graphql`;
      const document = parseSchema(readFileSync(file, 'utf8'), file);
      return { name, url: `http://${name}`, document: prepare(document, { shareable, removed }) };
    });
    const hub = {
      name: '_hub',
      url: 'http://hub',
      sdl: `extend schema @link(url: "${url}", import: ["@key", "@shareable"])
        scalar Decimal
        type Query { customer(id: ID!): Customer }
        type Customer @key(fields: "id") {
          id: ID!
          name: String! @shareable
          salesRep: String @shareable
          invoices(first: Int): [Invoice!]!
        }
        type Invoice @key(fields: "id") { id: ID! amount: Decimal! @shareable }`,
    };
    const { supergraphSdl } = compose({ subgraphs: [...authored, hub] });
    expect(supergraphSdl).toContain('invoices(first: Int): [Invoice!]! @join__field(graph: _HUB)');
    expect(supergraphSdl).toContain('customer(id: ID!): Customer @join__field(graph: _HUB)');
    expect(supergraphSdl).toMatch(/salesRep: String @join__field\(graph: \w+\) @join__field/);
  });
});
