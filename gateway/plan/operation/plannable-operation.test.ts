import { parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { toPlannableOperation } from './plannable-operation.ts';
import { supergraphNames } from './supergraph-names.ts';

const names = supergraphNames(
  `
  type Query { customer: Customer named: Named any: Any }
  interface Named { name: String }
  type Customer implements Named { id: ID name: String tags: [String] worth: Int secret: ID @inaccessible }
  type Other { id: ID }
  union Any = Customer | Other
`,
  new Map(),
);

function rewrite(query: string, conditions: Readonly<Record<string, boolean>> = {}) {
  const operation = toPlannableOperation(parse(query), conditions, names);
  return { ...operation, text: oneLine(print(operation.document)) };
}

describe('an operation for the planner', () => {
  it('is what the client sent when nothing in it is known to go wrong', () => {
    const query =
      'query ($id: ID) { c: customer { label: name ...F __typename } } fragment F on Customer { tags }';
    const { text, restore } = rewrite(query);
    expect(text).toBe(oneLine(print(parse(query))));
    expect(restore).toBeUndefined();
  });

  it('has no conditions, and nothing that they exclude', () => {
    const { text, restore } = rewrite(
      `query ($a: Boolean!, $b: Boolean!) { customer {
        id @skip(if: $a) name @include(if: $b) tags @include(if: true) worth @skip(if: true)
        ... @include(if: $b) { both: worth @skip(if: $a) }
        ...F @skip(if: $b)
      } } fragment F on Customer { secret }`,
      { a: false, b: true },
    );
    expect(text).toBe(
      'query ($a: Boolean!, $b: Boolean!) { customer { id name tags ... { both: worth } } } fragment F on Customer { secret }',
    );
    expect(restore).toBeUndefined();
  });

  it('includes only what both conditions of a field allow', () => {
    const query = '{ customer { id name @include(if: true) @skip(if: true) } }';
    expect(rewrite(query).text).toBe('{ customer { id } }');
  });

  it('keeps other directives', () => {
    const query = '{ customer { id @include(if: true) @defer } }';
    expect(rewrite(query).text).toBe('{ customer { id @defer } }');
  });

  it('gives an alias that is the name of any field, also of a hidden one, a name of its own', () => {
    const { text, restore } = rewrite(
      '{ customer { id: name secret: worth __kind: tags name: name } }',
    );
    expect(text).toBe(
      '{ customer { alias_id: name alias_secret: worth alias___kind: tags name: name } }',
    );
    const answered = { customer: { alias_id: 'Ada', alias_secret: 1, alias___kind: ['x'] } };
    expect(restore?.data(answered)).toEqual({ customer: { id: 'Ada', secret: 1, __kind: ['x'] } });
    expect(restore?.path(['customer', 0, 'alias_id'])).toEqual(['customer', 0, 'id']);
  });

  it('never takes a name that the operation has', () => {
    const { text } = rewrite('{ customer { id: name alias_id: worth alias__x: tags } }');
    expect(text).toBe('{ customer { alias___id: name alias_id: worth alias__x: tags } }');
  });

  it('fetches a hidden type name where conditions leave nothing', () => {
    const { text, restore } = rewrite('{ customer { name @skip(if: true) } }');
    expect(text).toBe('{ customer { __typename } }');
    expect(restore?.data({ customer: { __typename: 'Customer' } })).toEqual({ customer: {} });
    expect(restore?.data({ customer: null })).toEqual({ customer: null });
  });

  it('fetches one where nothing is left of the whole operation', () => {
    const { text, restore } = rewrite('{ customer @skip(if: true) { name } }');
    expect(text).toBe('{ __typename }');
    expect(restore?.data({ __typename: 'Query' })).toEqual({});
  });

  it.each([
    ['{ customer { ... on Named { ... on Customer { tags } } } }', 'an interface'],
    ['{ any { ... on Any { ... on Customer { tags } } } }', 'a union'],
    [
      '{ customer { ...N } } fragment N on Named { ...C } fragment C on Customer { tags }',
      'an interface, by names',
    ],
    [
      '{ customer { ... on Named { ... { ... on Customer { tags } } } } }',
      'an interface, at a distance',
    ],
  ])('fetches one for a fragment within one on %s', (query) => {
    const { text, restore } = rewrite(query);
    expect(text).toMatch(/^\{ \w+ \{ __typename \.\.\./);
    const [key = ''] = /\w+/.exec(text) ?? [];
    expect(restore?.data({ [key]: { __typename: 'Customer', tags: [] } })).toEqual({
      [key]: { tags: [] },
    });
  });

  it('gives an alias as the planner makes them another one, which cannot be mistaken', () => {
    const { text, restore } = rewrite('{ customer { tags__alias_0: name tags__alias_: worth } }');
    expect(text).toBe('{ customer { alias_tags__alias_0_: name tags__alias_: worth } }');
    expect(restore?.data({ customer: { alias_tags__alias_0_: 'Ada' } })).toEqual({
      customer: { tags__alias_0: 'Ada' },
    });
  });

  it('restores response keys along the selections, and leaves what is within a scalar alone', () => {
    const { restore } = rewrite(
      '{ any { ... on Named { ...C } } } fragment C on Customer { id: name tags }',
    );
    const tags = [{ __typename: 'x', alias_id: 1 }];
    expect(restore?.data({ any: { __typename: 'Customer', alias_id: 'Ada', tags } })).toEqual({
      any: { id: 'Ada', tags },
    });
    expect(restore?.path(['any', 'tags', 0, 'alias_id'])).toEqual(['any', 'tags', 0, 'alias_id']);
    expect(restore?.path(['any', 'alias_id'])).toEqual(['any', 'id']);
  });

  it('tells the type names that the client asked for from the hidden ones', () => {
    const { text, restore } = rewrite(
      '{ customer { __typename ... on Named { ... on Customer { kind: __typename } } } }',
    );
    expect(text).toBe(
      '{ customer { __typename alias___typename: __typename ... on Named { ... on Customer { kind: __typename } } } }',
    );
    const customer = { __typename: 'Customer', alias___typename: 'Customer', kind: 'Customer' };
    expect(restore?.data({ customer })).toEqual({
      customer: { __typename: 'Customer', kind: 'Customer' },
    });
  });
});

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
