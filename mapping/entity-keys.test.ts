import { expect, it } from 'vitest';
import { entityKeys } from './entity-keys.ts';
import { inlineModel } from './testing/inline-domain.ts';

function keysOf(
  domains: Readonly<Record<string, string>>,
  remotes: Readonly<Record<string, string>> = {},
): unknown {
  const entity = inlineModel(domains, remotes).entities.get('A');
  return entity && entityKeys(entity);
}

it('are the primary key, and every other resolvable one of any domain', () => {
  expect(
    keysOf({
      identity: `type A @key(fields: "id") @key(fields: "b a") @key(fields: "a b") @key(fields: "c", resolvable: false)
        @table @identity(fields: "id a b c") { id: ID! a: Int b: Int c: Int }`,
      support: 'type A @key(fields: "id") @key(fields: "no") @table { id: ID! no: Int }',
    }),
  ).toEqual([['id'], ['b', 'a'], ['no']]);
});

it('keep the primary key also where it is marked resolvable: false', () => {
  expect(
    keysOf({ sales: 'type A @key(fields: "id", resolvable: false) @table { id: ID! }' }),
  ).toEqual([['id']]);
});

it('lose a key whose field has left the lake', () => {
  const domains = {
    sales: 'type A @key(fields: "id") @key(fields: "no") @table { id: ID! no: Int }',
  };
  const remotes = { crm: 'type A @key(fields: "id") { id: ID! no: Int @override(from: "sales") }' };
  expect(keysOf(domains)).toEqual([['id'], ['no']]);
  expect(keysOf(domains, remotes)).toEqual([['id']]);
});
