import { expect, it } from 'vitest';
import { readKeys } from './read-keys.ts';
import { collectTypes, parseSchema } from './schema-source.ts';
import { errorOf } from './testing/inline-domain.ts';

function keysOf(directives: string): ReturnType<typeof readKeys> {
  const document = parseSchema(
    `type A ${directives} { id: ID! region: String email: String }`,
    'a.graphql',
  );
  const type = collectTypes(document).get('A');
  if (type === undefined) throw new Error('no type');
  return readKeys(type);
}

it('reads single, compound and several keys in the order in which they are written', () => {
  expect(keysOf('@key(fields: "id region") @key(fields: "email")')).toEqual([
    { fields: ['id', 'region'], isResolvable: true },
    { fields: ['email'], isResolvable: true },
  ]);
});

it('reads resolvable: false', () => {
  expect(keysOf('@key(fields: "id", resolvable: false)')).toEqual([
    { fields: ['id'], isResolvable: false },
  ]);
  expect(keysOf('@key(fields: "id", resolvable: true)')).toEqual([
    { fields: ['id'], isResolvable: true },
  ]);
});

it('asks for a key where there is none', () => {
  expect(errorOf(() => keysOf(''))).toMatchObject({
    code: 'MAPPING_KEY_MISSING',
    at: { line: 1, column: 1 },
  });
});

it.each([
  '',
  'id {',
  'uuid',
  'id id',
  'owner { id }',
  'id: region',
  'id @skip(if: true)',
  'id(x: 1)',
  '... on A { id }',
  'id } { region',
  'id } query X { id',
])('refuses the key "%s"', (fields) => {
  const error = errorOf(() => keysOf(`@key(fields: "${fields}")`));
  expect(error).toMatchObject({ code: 'MAPPING_KEY_INVALID', at: { line: 1, column: 8 } });
  expect(error.message).toBe(`A cannot have the key "${fields}".`);
});
