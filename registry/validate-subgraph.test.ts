import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { parseSchema } from '../mapping/schema-source.ts';
import { mappingDirectives } from './mapping-directives.ts';
import { validateDomain, validateSubgraph } from './validate-subgraph.ts';

const link =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])\n';

function failureOf(sdl: string, validate = validateDomain): TributaryError {
  try {
    validate({ name: 'sales', document: parseSchema(sdl, 'sales.graphql') });
  } catch (error) {
    if (error instanceof TributaryError) return error;
    throw error;
  }
  throw new Error('the schema is valid');
}

describe('the schema of a domain', () => {
  it.each(['identity', 'sales', 'support', 'billing'])('is valid as %s wrote it', (name) => {
    const file = `subgraphs/${name}/schema.graphql`;
    const document = parseSchema(readFileSync(file, 'utf8'), file);
    expect(() => validateDomain({ name, document })).not.toThrow();
  });

  it('declares the mapping directives, whatever the order and the descriptions', () => {
    const sdl = `${link}
      directive @column(default: String, from: String, name: String, "its type" type: String) on FIELD_DEFINITION
      type T @key(fields: "id") { id: ID! @column(name: "no") }`;
    expect(() => validateDomain({ name: 'a', document: parse(sdl) })).not.toThrow();
  });

  it('may declare all of them', () => {
    const sdl = `${link}${mappingDirectives} type T @key(fields: "id") @table { id: ID! @computed }`;
    expect(() => validateDomain({ name: 'a', document: parse(sdl) })).not.toThrow();
  });

  it('has to declare a mapping directive that it uses; the hint is the line to paste', () => {
    const error = failureOf(`${link}type T @key(fields: "id") @table { id: ID! }`);
    expect(error).toMatchObject({
      code: 'MAPPING_DIRECTIVE_UNDECLARED',
      at: { file: 'sales.graphql', line: 2, column: 27 },
    });
    expect(error.hint).toContain('directive @table(name: String) on OBJECT');
  });

  it('must not declare a mapping directive otherwise', () => {
    const error = failureOf(`${link}directive @table(title: String) on OBJECT\ntype T { a: Int }`);
    expect(error).toMatchObject({
      code: 'MAPPING_DIRECTIVE_DIFFERS',
      at: { file: 'sales.graphql', line: 2, column: 1 },
    });
  });

  it('has to link Federation 2', () => {
    expect(failureOf('type T @key(fields: "id") { id: ID! }')).toMatchObject({
      code: 'SUBGRAPH_NOT_FEDERATION_2',
      at: { file: 'sales.graphql', line: 1, column: 1 },
    });
  });

  it.each([
    ['import: [{ name: "@key", as: "@primary" }]', '@primary'],
    ['as: "fed"', '@fed__key'],
    ['import: []', '@federation__key'],
  ])('may call federation by other names, with %s', (argument, key) => {
    const url = 'url: "https://specs.apollo.dev/federation/v2.9"';
    const sdl = `extend schema @link(${url}, ${argument})\ntype T ${key}(fields: "id") { id: ID! }`;
    expect(() => validateDomain({ name: 'a', document: parseSchema(sdl, 'a') })).not.toThrow();
  });

  it('is told everything that is wrong with it, with places and hints', () => {
    const error = failureOf(
      `${link}type A @key(fields: "x") { id: ID! }\ntype B @key(fields: "y") { id: ID! }`,
    );
    expect(error.code).toBe('SUBGRAPH_INVALID');
    expect(error.at).toEqual({ file: 'sales.graphql', line: 2, column: 8 });
    expect(error.message).toContain('sales.graphql:3:8 (sales)');
    expect(error.message.match(/A @key names fields of its own type/g)).toHaveLength(2);
    expect(error.hint).toContain('Begin with the first');
  });

  it('is told the directive that it meant', () => {
    const error = failureOf(`${link}type A @key(fields: "id") @tabel { id: ID! }`);
    expect(error.at).toEqual({ file: 'sales.graphql', line: 2, column: 27 });
    expect(error.hint).toBe('Did you mean "@table"?');
  });
});

describe('the schema of a remote subgraph', () => {
  it('may be of Federation 1, and name federation as it likes', () => {
    const sdl = 'extend type A @key(fields: "id") { id: ID! @external b: Int }';
    expect(() => validateSubgraph({ name: 'crm', document: parse(sdl) })).not.toThrow();
  });

  it('has to be valid all the same', () => {
    const error = failureOf('type Query { a: Itn }', validateSubgraph);
    expect(error.at).toEqual({ file: 'sales.graphql', line: 1, column: 17 });
    expect(error.hint).toBe('Did you mean "Int"?');
  });
});
