import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { noCostDirectives, readCostDirectives } from './cost-directives.ts';

const types = `
  type Query {
    people(first: Int @cost(weight: 2), filter: Filter): People
      @LIST(slicingArguments: ["first"], sizedFields: ["items"])
    tags: [Tag!]! @LIST(assumedSize: 7, slicingArguments: [], requireOneSlicingArgument: false)
  }
  type People { items: [Person!]! }
  type Person @cost(weight: 5) { name: String @cost(weight: 3) }
  enum Tag @cost(weight: 4) { OLD }
  input Filter { name: String @cost(weight: 6) }
`;

/** As composition writes it. */
function supergraphWith(imports: string, listSize: string): string {
  const head = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;
  const typeDefs = parse(`${head} ${types.replaceAll('@LIST', listSize)}`);
  const { supergraphSdl, errors } = composeServices([
    { name: 'a', url: 'http://a.example', typeDefs },
  ]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  return supergraphSdl;
}

describe('what a supergraph says about costs', () => {
  it.each([
    ['their own', '"@cost", "@listSize"', '@listSize'],
    ['other', '"@cost", { name: "@listSize", as: "@sized" }', '@sized'],
  ])('is read under %s names', (_, imports, listSize) => {
    const {
      weights,
      listSizes,
      types: named,
    } = readCostDirectives(supergraphWith(imports, listSize));
    expect(Object.fromEntries(weights)).toEqual({
      'Query.people(first:)': 2,
      Person: 5,
      'Person.name': 3,
      Tag: 4,
      'Filter.name': 6,
    });
    expect(Object.fromEntries(listSizes)).toEqual({
      'Query.people': {
        assumedSize: undefined,
        slicingArguments: ['first'],
        sizedFields: ['items'],
        requireOneSlicingArgument: true,
      },
      'Query.tags': {
        assumedSize: 7,
        slicingArguments: [],
        sizedFields: [],
        requireOneSlicingArgument: false,
      },
    });
    expect(named).toEqual(new Set(['Query', 'Person', 'Tag', 'Filter']));
  });

  it('is nothing where nothing is linked, whatever directives are called', () => {
    const sdl = 'directive @cost(weight: Int!) on OBJECT type Query @cost(weight: 3) { a: Int }';
    expect(readCostDirectives(sdl)).toEqual(noCostDirectives);
  });

  it('may be linked as something else', () => {
    const sdl = `
      schema @link(url: "https://specs.apollo.dev/cost/v0.1", as: "price") { query: Query }
      type Query { a: Int @price(weight: 3) b: [Int] @price__listSize(assumedSize: 4) }
    `;
    const { weights, listSizes } = readCostDirectives(sdl);
    expect([weights.get('Query.a'), listSizes.get('Query.b')?.assumedSize]).toEqual([3, 4]);
  });
});
