import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { exampleFor, noExample } from './example-for.ts';
import { customerRevenue } from './example-query.ts';

describe('exampleFor', () => {
  it('asks for the rows of the first list, ten of them', () => {
    expect(
      exampleOf(`
        type Query { product(id: ID!): Product products(first: Int = 20, after: String): Products! }
        type Products { nodes: [Product!]! total: Int! }
        type Product { id: ID! name: String price(in: String!): Float size: Size }
        enum Size { S L }`),
    ).toBe(
      'query Example {\n  products(first: 10) {\n    nodes {\n      id\n      name\n      size\n    }\n  }\n}\n',
    );
  });

  it('finds the rows behind the edges of a connection', () => {
    expect(
      exampleOf(`
        type Query { films(first: Int!): Films }
        type Films { edges: [Edge!] total: Int! }
        type Edge { cursor: String! node: Film }
        type Film { title: String! cast: [Person!]! }
        type Person { name: String! }`),
    ).toContain('edges {\n      node {\n        title\n');
  });

  it.each([
    ['that is a text', 'type Query { version: String! }', '  version\n'],
    ['that holds only others', 'type Query { a: A } type A { b: B } type B { c: Int }', 'b {\n'],
    ['that is a union', 'type Query { it: It } union It = A type A { b: Int }', '__typename'],
    ['that is to stay', 'type Query { a: Int @deprecated b: Int }', '{\n  b\n}'],
    ['that ends nowhere', 'type Query { a: A b: Int } type A { a: A }', '{\n  a {\n'],
  ])('asks for a field %s', (_, schema, expected) => {
    expect(exampleOf(schema)).toContain(expected);
  });

  it('asks nothing where every field wants to be told something', () => {
    expect(exampleOf('type Query { product(id: ID!): Int }')).toBe('');
  });

  it('is about customers where the graph has all that it asks for, and else names nothing of a graph that is not public', () => {
    const customers = `
      type Query { customer(id: ID!): Customer }
      type Customer {
        id: ID! name: String email: String accountValue: Float salesRep: String creditLimit: Float
        supportTier: String lifetimeTickets: Int vatNumber: String paymentTerms: String invoices: [Invoice!]
      }
      type Invoice { id: ID! amount: Float issuedOn: String status: String }`;
    expect(exampleFor(buildSchema(customers), false)).toBe(customerRevenue);
    const fewer = buildSchema(
      customers.replace('creditLimit: Float', '') + 'extend type Query { a: Int }',
    );
    expect(exampleFor(fewer, true).query).toBe('query Example {\n  a\n}\n');
    expect(exampleFor(fewer, false)).toBe(noExample);
  });
});

/** The question, which has to be valid. */
function exampleOf(sdl: string): string {
  const schema = buildSchema(sdl);
  const { query } = exampleFor(schema, true);
  if (query !== '') expect(validate(schema, parse(query))).toEqual([]);
  return query;
}
