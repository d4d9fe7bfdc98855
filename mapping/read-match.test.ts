import { expect, it } from 'vitest';
import { errorOf, inlineDomain } from './testing/inline-domain.ts';

function matchOf(fields: string, directives = '@identity(fields: "id name email")') {
  const [type] = inlineDomain(
    'identity',
    `type Person @key(fields: "id") @table ${directives} { id: ID! ${fields} }`,
  ).types;
  return type?.match;
}

it('reads which field tells that two entities are the same, and how it is compared', () => {
  expect(matchOf('name: String email: String @match(as: "email")')).toEqual({
    field: 'email',
    as: 'email',
  });
  expect(matchOf('name: String! @match(as: "text")')).toEqual({ field: 'name', as: 'text' });
});

it('compares texts where it does not say how', () => {
  expect(matchOf('name: String @match')).toEqual({ field: 'name', as: 'text' });
});

it('finds nothing where nothing is marked', () => {
  expect(matchOf('name: String email: String')).toBeUndefined();
});

it('may be the key itself, and a text in a column of another name', () => {
  expect(matchOf('name: String @column(name: "Name 1") @match')).toMatchObject({ field: 'name' });
});

it.each([
  ['name: String @match(as: "sound")', 'name cannot carry @match: "sound" is neither'],
  ['name: String @match email: String @match', 'email cannot carry @match: name is marked already'],
  ['name: Int @match', 'it is no text in a column of its own'],
  ['name: [String!] @match', 'it is no text in a column of its own'],
  ['name: String @match @column(from: "upper(a)")', 'it is no text in a column of its own'],
  ['name: String @match @computed', 'it is no text in a column of its own'],
])('refuses %s', (fields, message) => {
  const error = errorOf(() => matchOf(fields));
  expect(error.code).toBe('MAPPING_MATCH_INVALID');
  expect(error.message).toContain(message);
  expect(error.at).toMatchObject({ file: 'identity.graphql', line: 2 });
});

it('refuses it on a type that does not say which entities exist', () => {
  const error = errorOf(() => matchOf('name: String @match', ''));
  expect(error).toMatchObject({
    code: 'MAPPING_MATCH_INVALID',
    message: 'Person.name cannot carry @match: Person does not carry @identity here.',
  });
});
