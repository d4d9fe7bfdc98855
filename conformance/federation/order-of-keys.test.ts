import { describe, expect, it } from 'vitest';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';

const part = { a: 1, b: 2, c: 3 };
const thing = { id: '1', ...part, __typename: 'Thing', next: part, list: [part, part] };
const other = { ...thing, __typename: 'Other' };

/** https://spec.graphql.org/September2025/#sec-Serialized-Map-Ordering */
describe('the keys of an answer', () => {
  const graph = serveRemoteSupergraph({
    things: {
      sdl: `
        type Query { thing: Thing  named: Named  all: [Named!]!  any: Any }
        interface Named { a: Int  b: Int  c: Int  next: Part }
        type Part { a: Int  b: Int  c: Int }
        type Thing implements Named @key(fields: "id") { id: ID!  a: Int  b: Int  c: Int  next: Part  list: [Part] }
        type Other implements Named @key(fields: "id") { id: ID!  a: Int  b: Int  c: Int  next: Part }
        union Any = Thing | Other
      `,
      resolvers: {
        Query: {
          thing: () => thing,
          named: () => thing,
          all: () => [thing, other],
          any: () => thing,
        },
      },
    },
    more: {
      sdl: `
        type Query { more: Int }
        type Thing @key(fields: "id") { id: ID!  d: Int }
      `,
      resolvers: { Query: { more: () => 5 }, Thing: { d: () => 4 } },
    },
  });

  it.each([
    ['{ named { ... on Thing { a } b ... on Thing { c } } }', '{"named":{"a":1,"b":2,"c":3}}'],
    [
      '{ named { ... on Named { a } ... on Thing { b } ... on Named { c } } }',
      '{"named":{"a":1,"b":2,"c":3}}',
    ],
    [
      '{ named { ... on Thing { d } b ... on Thing { c d a } } }',
      '{"named":{"d":4,"b":2,"c":3,"a":1}}',
    ],
    [
      '{ all { ... on Thing { c } ... on Other { b a } ... on Thing { a b } ... on Other { c } } }',
      '{"all":[{"c":3,"a":1,"b":2},{"b":2,"a":1,"c":3}]}',
    ],
    [
      '{ any { ... on Thing { c } __typename ... on Thing { a } ... on Named { b } } }',
      '{"any":{"c":3,"__typename":"Thing","a":1,"b":2}}',
    ],
    [
      '{ thing { ... { c } a ... { d } b ... { id } } }',
      '{"thing":{"c":3,"a":1,"d":4,"b":2,"id":"1"}}',
    ],
    [
      '{ named { next { c } ... on Thing { a next { b } } next { a } } }',
      '{"named":{"next":{"c":3,"b":2,"a":1},"a":1}}',
    ],
    [
      '{ thing { list { c } ...F list { a } } } fragment F on Thing { list { b } }',
      '{"thing":{"list":[{"c":3,"b":2,"a":1},{"c":3,"b":2,"a":1}]}}',
    ],
    [
      '{ named { ... on Thing { c } } named { b ... on Thing { d } } }',
      '{"named":{"c":3,"b":2,"d":4}}',
    ],
    [
      '{ named { ... on Thing { id: c } a ... on Thing { name: d } } }',
      '{"named":{"id":3,"a":1,"name":4}}',
    ],
    [
      '{ ... on Query { more } thing { c } ...F ... on Query { thing { a } last: more } } fragment F on Query { named { b } thing { b } }',
      '{"more":5,"thing":{"c":3,"b":2,"a":1},"named":{"b":2},"last":5}',
    ],
    ['{ thing { c ... on Thing { a c } b } }', '{"thing":{"c":3,"a":1,"b":2}}'],
  ])('stand in the order in which %s comes to its fields', async (query, expected) => {
    expect(JSON.stringify(await graph.dataOf(query))).toBe(expected);
  });
});
