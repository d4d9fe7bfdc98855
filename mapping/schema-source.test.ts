import { Kind, parse } from 'graphql';
import { expect, it } from 'vitest';
import {
  collectEnums,
  collectTypes,
  findDirective,
  locate,
  parseSchema,
  stringArgument,
  stringListArgument,
} from './schema-source.ts';
import { errorOf } from './testing/inline-domain.ts';

it('names the place of a syntax error', () => {
  const error = errorOf(() => parseSchema('type A {\n  id: ID!!\n}', 'a/schema.graphql'));
  expect(error).toMatchObject({
    code: 'SCHEMA_SYNTAX',
    at: { file: 'a/schema.graphql', line: 2, column: 10 },
  });
});

it('says of an empty file that it is not a schema', () => {
  expect(errorOf(() => parseSchema('', 'schema.graphql')).code).toBe('SCHEMA_SYNTAX');
});

it('merges a type with its extensions, wherever they stand', () => {
  const types = collectTypes(
    parseSchema(
      `extend type A @one { b: Int }
       interface Named { name: String }
       "What A is."
       type A implements Named @two { name: String }
       extend type A implements Node`,
      'schema.graphql',
    ),
  );
  const type = types.get('A');
  expect(type?.fields.map(({ name }) => name.value)).toEqual(['b', 'name']);
  expect(type?.directives.map(({ name }) => name.value)).toEqual(['one', 'two']);
  expect(type?.interfaces).toEqual(['Named', 'Node']);
  expect(type?.description?.value).toBe('What A is.');
  expect(types.get('Named')?.kind).toBe('interface');
});

it('merges the values of an enum with those of its extensions', () => {
  const enums = collectEnums(parseSchema('enum T { A B } extend enum T { C }', 'schema.graphql'));
  expect([...(enums.get('T') ?? [])]).toEqual(['A', 'B', 'C']);
});

it('locates a definition behind its description and comments', () => {
  const document = parseSchema(
    '"What A is."\n# a comment\ntype A {\n  """\n  The key.\n  """\n  id: ID\n  plain: Int\n}',
    'schema.graphql',
  );
  const type = collectTypes(document).get('A');
  expect(type?.location).toEqual({ file: 'schema.graphql', line: 3, column: 1 });
  expect(type?.fields.map((field) => locate(field).line)).toEqual([7, 8]);
});

it('locates what was parsed without places in the schema as a whole', () => {
  const [node] = parse('type A { id: ID }', { noLocation: true }).definitions;
  expect(node && locate(node)).toEqual({ file: 'schema' });
});

it('reads a list argument as GraphQL coerces it', () => {
  const [node] = parseSchema(
    'type A @d(one: "x", many: ["x", "y"], no: 1) { id: ID }',
    'a',
  ).definitions;
  const directive =
    node?.kind === Kind.OBJECT_TYPE_DEFINITION ? findDirective(node, 'd') : undefined;
  if (directive === undefined) throw new Error('the directive is missing');
  expect(stringListArgument(directive, 'one')).toEqual(['x']);
  expect(stringListArgument(directive, 'many')).toEqual(['x', 'y']);
  expect(stringListArgument(directive, 'no')).toEqual([]);
  expect(stringListArgument(directive, 'missing')).toEqual([]);
  expect(stringArgument(directive, 'no')).toBeUndefined();
});
