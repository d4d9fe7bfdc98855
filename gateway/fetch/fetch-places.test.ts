import { expect, it } from 'vitest';
import { fetchPlaces } from './fetch-places.ts';

it('names the root fields of a fetch, by their aliases', () => {
  expect(
    fetchPlaces('{ __typename a b: c ... { d } ...F } fragment F on Query { e }', undefined),
  ).toEqual([['a'], ['b'], ['d'], ['e']]);
});

it('names the fields of every entity, those of its own type', () => {
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on A { __typename x y }
      ... on B { z }
    }
  }`;
  const representations = [{ __typename: 'A' }, { __typename: 'B' }, { __typename: 'A' }];
  expect(fetchPlaces(query, representations)).toEqual([
    ['_entities', 0, 'x'],
    ['_entities', 0, 'y'],
    ['_entities', 1, 'z'],
    ['_entities', 2, 'x'],
    ['_entities', 2, 'y'],
  ]);
});

it('stops at fifty', () => {
  const query = '{ _entities(representations: []) { ... on A { x } } }';
  const representations = Array.from({ length: 1000 }, () => ({ __typename: 'A' }));
  expect(fetchPlaces(query, representations)).toHaveLength(50);
});
