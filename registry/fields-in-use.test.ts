import { describe, expect, it } from 'vitest';
import { parseSchema } from '../mapping/schema-source.ts';
import { fieldsInUse } from './fields-in-use.ts';

function inUse(...schemas: readonly string[]): readonly string[] {
  const documents = schemas.map((sdl, number) => {
    const name = `s${number}`;
    return { name, document: parseSchema(sdl, `${name}.graphql`) };
  });
  return [...fieldsInUse(documents)];
}

describe('a field that a schema refers to', () => {
  it.each([
    ['as a key', 'type T @key(fields: "id") { id: ID! a: Int }', ['T.id']],
    ['as @external', 'type T { a: Int @external b: Int }', ['T.a']],
    ['as one of a type that is @external', 'type T @external { a: Int b: Int }', ['T.a', 'T.b']],
    [
      'in @requires, with those within it',
      'type T { u: U c: Int @requires(fields: "u { d }") } type U { d: Int }',
      ['T.u', 'U.d'],
    ],
    [
      'in @provides, read on the type that the field returns',
      'type T { u: [U!] @provides(fields: "d t { u }") } type U { d: Int t: T }',
      ['U.d', 'U.t', 'T.u'],
    ],
    [
      'as what an interface demands of a type',
      'interface I { a: Int } type T implements I { a: Int b: Int } type U { a: Int }',
      ['T.a'],
    ],
    ['not at all', 'type T { a: Int }', []],
  ])('%s', (_, sdl, expected) => {
    expect(inUse(sdl)).toEqual(expected);
  });

  it('counts in whichever schema it is', () => {
    expect(inUse('type T { a: Int }', 'type T { a: Int @external }')).toEqual(['T.a']);
  });
});
