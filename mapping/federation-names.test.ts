import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, print } from 'graphql';
import { expect, it } from 'vitest';
import { useFederationNames } from './federation-names.ts';
import { collectTypes, locate, parseSchema } from './schema-source.ts';

const url = 'https://specs.apollo.dev/federation/v2.9';

it('gives namespaced and renamed directives their own names, and imports them', () => {
  const document = parseSchema(
    `extend schema @link(url: "${url}", import: [{ name: "@key", as: "@primaryKey" }, "FieldSet"])
     type A @primaryKey(fields: "id") { id: ID! name: String @federation__shareable }`,
    'schema.graphql',
  );
  const type = collectTypes(document).get('A');
  expect(type?.directives.map(({ name }) => name.value)).toEqual(['key']);
  expect(type?.fields[1]?.directives?.map(({ name }) => name.value)).toEqual(['shareable']);
  expect(print(document)).toContain('import: ["FieldSet", "@key", "@shareable"]');
});

it('knows a namespace of the schema’s own', () => {
  const document = parse(`extend schema @link(url: "${url}", as: "fed")
    type A @fed__key(fields: "id") { id: ID! }`);
  expect(print(useFederationNames(document))).toContain('type A @key(fields: "id")');
});

it('gives a schema that federation still accepts, with every place as it was written', () => {
  const document = parseSchema(
    `extend schema @link(url: "${url}")\ntype A @federation__key(fields: "id") {\n  id: ID!\n}`,
    'schema.graphql',
  );
  expect(() => buildSubgraphSchema(document)).not.toThrow();
  const [field] = collectTypes(document).get('A')?.fields ?? [];
  expect(field && locate(field).line).toBe(3);
});

it('leaves a schema alone that calls them by their names, and one of the first version', () => {
  for (const sdl of [
    `extend schema @link(url: "${url}", import: ["@key"]) type A @key(fields: "id") { id: ID! }`,
    'type A @key(fields: "id") { id: ID! @federation__odd }',
    'extend schema @link(url: "https://example.org/other/v1.0") type A { id: ID! }',
  ]) {
    const document = parse(sdl);
    expect(useFederationNames(document)).toBe(document);
  }
});
