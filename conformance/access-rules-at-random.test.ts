import fc from 'fast-check';
import {
  buildSchema,
  getNamedType,
  graphql,
  GraphQLError,
  isObjectType,
  print,
  type ConstDirectiveNode,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { askGraph } from './testing/ask-graph.ts';
import type { SmallSubgraph } from './testing/federation-server.ts';
import { randomOperation } from './testing/random-operation.ts';
import { serveRemoteSupergraph } from './testing/remote-supergraph.ts';
import { TokenIssuer } from './testing/token-issuer.ts';

const caseCount = Number(process.env['PROPERTY_CASES'] ?? 80);
const seed = Number(process.env['PROPERTY_SEED'] ?? 5);

/** Types of the first subgraph, which has all but what the second one adds. */
const types = `
  type Query { work(id: ID!): Work novel(id: ID!): Novel writer(id: ID!): Writer! debt(id: ID!): Debt }
  interface Work { id: ID! title: String sales: Int writer: Writer! kin: [Work!] }
  type Novel implements Work KEY {
    id: ID! title: String sales: Int @authenticated writer: Writer! kin: [Work!]
    pages: Int! @requiresScopes(scopes: [["pages"]]) sequel: Novel ADDED_TO_NOVEL
  }
  type Essay implements Work KEY {
    id: ID! title: String sales: Int @authenticated writer: Writer! kin: [Work!] grade: Grade
  }
  type Writer KEY { id: ID! name: String! debt: Debt works: [Work!]! sure: Grade! ADDED_TO_WRITER }
  type Debt KEY @authenticated { id: ID! amount: Int! owner: Writer }
  enum Grade @requiresScopes(scopes: [["grades"]]) { GOOD BAD }`;
const addedToNovel = 'stars: Float! readers: [Writer] @authenticated';
const addedToWriter = 'fans: Int @authenticated rank: Int rival: Writer owes: Debt';

/** What nobody is asked for who is not known. */
const guarded = /\b(sales|pages|readers|fans|debt|owes|amount|owner|grade|sure)\b/;

interface Keyed {
  readonly id: string;
}

const novels = ['n1', 'n2'];
const works = [...novels, 'e1'];
const workOf = (id: string) => {
  if (!works.includes(id)) return null;
  const kin = () => works.filter((one) => one !== id).map(workOf);
  const common = { id, title: `Title ${id}`, sales: 7, writer: () => writerOf('w1'), kin };
  return novels.includes(id)
    ? { ...common, pages: 100, sequel: () => (id === 'n1' ? workOf('n2') : null) }
    : { ...common, grade: 'GOOD' };
};
const debtOf = (id: string): object => ({ id, amount: 5, owner: () => writerOf('w2') });
const writerOf = (id: string): object => ({
  id,
  name: `Name ${id}`,
  debt: () => (id === 'w1' ? debtOf('d1') : null),
  works: () => (id === 'w1' ? works.map(workOf) : []),
  sure: 'BAD',
});

const added = {
  Novel: { stars: () => 4.5, readers: () => [writerOf('w2'), null] },
  Writer: {
    fans: () => 9,
    rank: ({ id }: Keyed) => (id === 'w1' ? 1 : null),
    rival: ({ id }: Keyed) => writerOf(id === 'w1' ? 'w2' : 'w1'),
    owes: () => debtOf('d2'),
  },
};
const ofWork = { __resolveType: ({ id }: Keyed) => (novels.includes(id) ? 'Novel' : 'Essay') };
const ofQuery = {
  work: (_: unknown, { id }: Keyed) => workOf(id),
  novel: (_: unknown, { id }: Keyed) => (novels.includes(id) ? workOf(id) : null),
  writer: (_: unknown, { id }: Keyed) => writerOf(id),
  debt: (_: unknown, { id }: Keyed) => debtOf(id),
};
const imports = ['"@authenticated"', '"@requiresScopes"'];
const referenced = { __resolveReference: ({ id }: Keyed) => workOf(id) };

const subgraphs: Readonly<Record<string, SmallSubgraph>> = {
  works: {
    imports,
    sdl: types.replaceAll('KEY', '@key(fields: "id")').replaceAll(/ADDED_TO_\w+/g, ''),
    resolvers: {
      Query: ofQuery,
      Work: ofWork,
      Novel: referenced,
      Essay: referenced,
      Writer: { __resolveReference: ({ id }: Keyed) => writerOf(id) },
      Debt: { __resolveReference: ({ id }: Keyed) => debtOf(id) },
    },
  },
  readers: {
    imports,
    sdl: `
      type Novel @key(fields: "id") { id: ID! ${addedToNovel} }
      type Writer @key(fields: "id") { id: ID! ${addedToWriter} }
      type Debt @key(fields: "id", resolvable: false) @authenticated { id: ID! }`,
    resolvers: added,
  },
};

/** A scope, or that the caller is known. */
function needOf({ name, arguments: given }: ConstDirectiveNode): string {
  const value = given?.[0]?.value;
  return value === undefined ? name.value : print(value).replaceAll(/\W/g, '');
}

/** One server that has everything, and that knows who may read what without having to plan. */
function oneServer(granted: readonly string[]): GraphQLSchema {
  const sdl = types
    .replaceAll('KEY', '')
    .replace('ADDED_TO_NOVEL', addedToNovel)
    .replace('ADDED_TO_WRITER', addedToWriter);
  const schema = buildSchema(
    `directive @authenticated on OBJECT | FIELD_DEFINITION
    directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | ENUM
    ${sdl}`,
  );
  const isWithheld = (
    node: { readonly directives?: readonly ConstDirectiveNode[] } | null | undefined,
  ) => (node?.directives ?? []).some((directive) => !granted.includes(needOf(directive)));
  const resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    Query: ofQuery,
    ...added,
  };
  for (const type of Object.values(schema.getTypeMap()).filter(isObjectType)) {
    for (const field of Object.values(type.getFields())) {
      const own = resolvers[type.name]?.[field.name];
      if (typeof own === 'function') field.resolve = own as GraphQLFieldResolver<unknown, unknown>;
      const nodes = [type.astNode, field.astNode, getNamedType(field.type).astNode];
      if (!nodes.some(isWithheld)) continue;
      field.resolve = () => {
        throw new GraphQLError('withheld');
      };
    }
  }
  const work = schema.getType('Work');
  if (work !== undefined && 'resolveType' in work) work.resolveType = ofWork.__resolveType;
  return schema;
}

describe('what callers get of a supergraph file with access rules', () => {
  const issuer = new TokenIssuer();
  const flags = {
    access: { jwt: issuer.settings },
    graph: { limits: { directives: 0, fields: 0, aliases: 0, cost: 0 } },
  };
  // Compositions of before left the rules of types out of their interfaces.
  const graph = serveRemoteSupergraph(subgraphs, flags, (sdl) =>
    sdl.replace(/interface Work\b[^}]*}/, (text) => text.replace(' @authenticated', '')),
  );
  const all = ['authenticated', 'grades', 'pages'];
  const callers: readonly (readonly string[])[] = [
    [],
    ['authenticated'],
    ['authenticated', 'grades'],
    all,
  ];
  const servers = callers.map(oneServer);

  it(
    `is what one server would give them, for ${caseCount} random operations (seed ${seed})`,
    { timeout: 240_000 },
    async () => {
      const headers = await Promise.all(
        callers.map(async ([known, ...scope]) =>
          known === undefined ? {} : issuer.headers({ scope: scope.join(' ') }),
        ),
      );
      const ids = fc.constantFrom(...works, 'w1', 'w2', 'none');
      await fc.assert(
        fc.asyncProperty(
          randomOperation({ schema: oneServer(all), ids, depth: 3 }),
          async ({ query, variables }) => {
            for (const [index, schema] of servers.entries()) {
              const kind = callers[index]?.join(' ');
              const expected = await graphql({ schema, source: query, variableValues: variables });
              const url = `${graph.url()}/graphql`;
              graph.forget();
              const answer = await askGraph(url, query, variables, headers[index]);
              const asked = [...graph.received('works'), ...graph.received('readers')];
              if (index === 0) expect(asked.map((one) => one.query).join()).not.toMatch(guarded);
              expect(answer.data, kind).toEqual(JSON.parse(JSON.stringify(expected.data)));
              const told = answer.errors ?? [];
              for (const { extensions } of told)
                expect(extensions?.['code']).toBe('UNAUTHORIZED_FIELD_OR_TYPE');
              const paths = new Set(told.map(({ path }) => path?.join('.')));
              for (const { path } of expected.errors ?? [])
                expect(paths).toContain(path?.join('.'));
              if (expected.errors === undefined) expect(told).toEqual([]);
            }
          },
        ),
        { numRuns: caseCount, seed, endOnFailure: true },
      );
    },
  );
});
