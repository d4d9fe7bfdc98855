import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../foundation/config/load-config.ts';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { openProject } from '../../gateway/open-project.ts';
import { askGraph, type GraphAnswer } from '../testing/ask-graph.ts';
import { ProjectFolder } from '../testing/project-folder.ts';
import { startProjectUntilClosed, type TestProject } from '../testing/start-project.ts';

const mapping = `
directive @table(name: String) on OBJECT
directive @identity(fields: String!) on OBJECT
directive @column(name: String, from: String, type: String, default: String) on FIELD_DEFINITION
directive @computed on FIELD_DEFINITION
`;

const parts = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@tag", "@inaccessible", { name: "@shareable", as: "@common" }])
${mapping}
type Part @key(fields: "id") @key(fields: "maker serial") @table @identity(fields: "id maker serial label") {
  id: ID!
  maker: String!
  serial: Int!
  label: String @tag(name: "public")
}
type Bin @key(fields: "hall shelf") @table @identity(fields: "hall shelf") {
  hall: String!
  shelf: Int!
}
type Grams @common { value: Int }
type Query { part(id: ID!): Part }
`;

const quality = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@inaccessible", "@tag"])
${mapping}
type Part @key(fields: "id") @table {
  id: ID!
  label: String @external
  grade: Int
  cost: Int @inaccessible
  verdict: String @computed @requires(fields: "label")
}
type Bin @key(fields: "hall shelf") @table {
  hall: String!
  shelf: Int!
  isFull: Boolean
}
`;

const halls = `
extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@override", "@composeDirective", "@interfaceObject"])
  @link(url: "https://example.com/marks/v1.0", import: ["@mark"])
  @composeDirective(name: "@mark")
directive @mark(with: String) on FIELD_DEFINITION | OBJECT
type Door @key(fields: "hall { code floor { number } } name") {
  hall: Hall!
  name: String!
  isOpen: Boolean @mark(with: "sensor")
}
type Hall @shareable { code: String!  floor: Floor! }
type Floor @shareable { number: Int! }
type Part @key(fields: "id") {
  id: ID!
  grade: Int @override(from: "quality")
}
type Tool @key(fields: "id") { id: ID!  name: String @external }
type Asset @key(fields: "id") @interfaceObject { id: ID!  worth: Int }
type Query { door: Door  providing: Tool @provides(fields: "name")  both: String @shareable }
`;

const hallsResolvers = `
const door = { hall: { code: 'H', floor: { number: 2 } }, name: 'north' };
export default {
  Query: {
    door: () => door,
    providing: () => ({ id: 'T1', name: 'provided' }),
    both: () => 'both',
  },
  Door: {
    __resolveReference: (key: object) => key,
    isOpen: (reference: { hall: { code: string; floor: { number: number } } }) =>
      reference.hall.floor.number === 2 && reference.hall.code === 'H',
  },
  Part: { __resolveReference: (key: object) => key, grade: ({ id }: { id: string }) => id.length },
  Tool: { __resolveReference: (key: object) => key },
  Asset: { __resolveReference: (key: object) => key, worth: ({ id }: { id: string }) => {
    if (id === 'bad') throw new Error('password of the vault: secret');
    return id.length * 100;
  } },
};
`;

const assets = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
interface Asset @key(fields: "id") { id: ID! }
type Crane implements Asset @key(fields: "id") { id: ID!  lifts: Int }
type Tool @key(fields: "id") { id: ID!  name: String @shareable }
type Query { assets: [Asset!]!  tool: Tool  both: String @shareable }
`;

const assetsResolvers = `
export default {
  Query: {
    assets: () => [{ __typename: 'Crane', id: 'C1', lifts: 7 }],
    tool: () => ({ id: 'T1', name: 'own' }),
    both: () => 'both',
  },
  Asset: { __resolveReference: ({ id }: { id: string }) => ({ __typename: 'Crane', id }) },
  Crane: { __resolveReference: ({ id }: { id: string }) => ({ id, lifts: 7 }) },
  Tool: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'own' }) },
};
`;

describe('a domain as a federation subgraph', () => {
  const folder = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    const draft = ProjectFolder.empty(`${folder}/project`);
    draft.addSubgraph('parts', parts);
    draft.addSubgraph('quality', quality);
    draft.write(
      'subgraphs/quality/resolvers.ts',
      'export default { Part: { verdict: ({ label }: { label?: string }) => `${label} is fine` } };',
    );
    draft.addSubgraph('halls', halls);
    draft.write('subgraphs/halls/resolvers.ts', hallsResolvers);
    draft.addSubgraph('assets', assets);
    draft.write('subgraphs/assets/resolvers.ts', assetsResolvers);
    const seed = 'lake-data/seed';
    draft.write(`${seed}/parts/part.csv`, 'id,maker,serial,label\nP1,ACME,7,Bolt\nP2,ACME,8,Nut\n');
    draft.write(`${seed}/parts/bin.csv`, 'hall,shelf\nA,1\nA,2\n');
    draft.write(`${seed}/quality/part.csv`, 'id,grade,cost\nP1,3,10\nP2,4,20\n');
    draft.write(`${seed}/quality/bin.csv`, 'hall,shelf,is_full\nA,1,true\nA,2,false\n');
    project = await startProjectUntilClosed({
      projectDirectory: draft.directory,
      dataDirectory: `${folder}/data`,
    });
  });

  afterAll(() => project?.server.close());

  function ask(
    subgraph: string,
    query: string,
    variables: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GraphAnswer> {
    return askGraph(`${project.server.url}/subgraphs/${subgraph}`, query, variables, headers);
  }

  async function entities(
    subgraph: string,
    selection: string,
    representations: readonly object[],
  ): Promise<unknown> {
    const query = `query ($keys: [_Any!]!) { _entities(representations: $keys) { ${selection} } }`;
    const { data, errors } = await ask(subgraph, query, { keys: representations });
    expect(errors).toBeUndefined();
    return data?.['_entities'];
  }

  it('says its schema as it was written, with every directive and link of it', async () => {
    for (const [name, sdl] of Object.entries({ parts, quality, halls, assets })) {
      const { data } = await ask(name, '{ _service { sdl } }');
      expect(data).toEqual({ _service: { sdl } });
    }
  });

  it('finds entities by @key, by each of several keys, and by all fields of one', async () => {
    const keys = [
      { __typename: 'Part', id: 'P2' },
      { __typename: 'Part', maker: 'ACME', serial: 7 },
      { __typename: 'Part', maker: 'ACME', serial: 9 },
      { __typename: 'Bin', hall: 'A', shelf: 2 },
    ];
    expect(
      await entities(
        'parts',
        '__typename ... on Part { id label } ... on Bin { hall shelf }',
        keys,
      ),
    ).toEqual([
      { __typename: 'Part', id: 'P2', label: 'Nut' },
      { __typename: 'Part', id: 'P1', label: 'Bolt' },
      null,
      { __typename: 'Bin', hall: 'A', shelf: 2 },
    ]);
    expect(
      await entities('quality', '... on Bin { isFull }', [
        { __typename: 'Bin', shelf: 1, hall: 'A' },
      ]),
    ).toEqual([{ isFull: true }]);
  });

  it('finds entities by a nested @key', async () => {
    const key = { __typename: 'Door', hall: { code: 'H', floor: { number: 2 } }, name: 'south' };
    expect(
      await entities('halls', '... on Door { name isOpen hall { floor { number } } }', [key]),
    ).toEqual([{ name: 'south', isOpen: true, hall: { floor: { number: 2 } } }]);
    expect((await project.ask('{ door { name isOpen } }')).data).toEqual({
      door: { name: 'north', isOpen: true },
    });
  });

  it('computes what @requires others from what a router brings', async () => {
    const key = { __typename: 'Part', id: 'P1', label: 'Given' };
    expect(await entities('quality', '... on Part { verdict }', [key])).toEqual([
      { verdict: 'Given is fine' },
    ]);
    expect((await project.ask('{ part(id: "P2") { verdict } }')).data).toEqual({
      part: { verdict: 'Nut is fine' },
    });
  });

  it('answers what it @provides itself', async () => {
    const { data } = await project.ask('{ providing { name } tool { name } }');
    expect(data).toEqual({ providing: { name: 'provided' }, tool: { name: 'own' } });
  });

  it('may take a field of another one by @override', async () => {
    expect((await project.ask('{ part(id: "P1") { grade } }')).data).toEqual({
      part: { grade: 2 },
    });
  });

  it('may share a field with another one by @shareable, under another name of the directive too', async () => {
    expect((await project.ask('{ both }')).data).toEqual({ both: 'both' });
    const { data } = await project.ask('{ __type(name: "Grams") { fields { name } } }');
    expect(data?.['__type']).toEqual({ fields: [{ name: 'value' }] });
  });

  it('keeps what is @inaccessible from clients and not from routers', async () => {
    expect(
      (await project.ask('{ part(id: "P1") { cost } }')).errors?.[0]?.extensions?.['code'],
    ).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(
      await entities('quality', '... on Part { cost }', [{ __typename: 'Part', id: 'P1' }]),
    ).toEqual([{ cost: 10 }]);
  });

  it('adds fields to an interface of another one as @interfaceObject', async () => {
    expect(
      (await project.ask('{ assets { __typename id worth ... on Crane { lifts } } }')).data,
    ).toEqual({
      assets: [{ __typename: 'Crane', id: 'C1', worth: 200, lifts: 7 }],
    });
    expect(
      await entities('halls', '... on Asset { worth }', [{ __typename: 'Asset', id: 'abc' }]),
    ).toEqual([{ worth: 300 }]);
  });

  it('hands on @tag, and its own directives by @link and @composeDirective, to the supergraph', async () => {
    const { supergraphSdl } = await openProject({
      projectDirectory: `${folder}/project`,
      config: loadConfig({ projectDirectory: `${folder}/project`, environment: {}, flags: {} }),
      environment: {},
    });
    expect(supergraphSdl).toMatch(/label: String .*@tag\(name: "public"\)/);
    expect(supergraphSdl).toContain('@link(url: "https://example.com/marks/v1.0"');
    expect(supergraphSdl).toMatch(/isOpen: Boolean .*@mark\(with: "sensor"\)/);
  });

  it('answers the trace of a request (ftv1) to a router that asks for it, and to nobody else', async () => {
    const header = { 'apollo-federation-include-trace': 'ftv1' };
    for (const name of ['parts', 'quality', 'halls', '_hub', '_ledger']) {
      const traced = await ask(name, '{ __typename _service { sdl } }', {}, header);
      expect(traced.extensions, name).toMatchObject({ ftv1: expect.any(String) });
      const plain = await ask(name, '{ __typename _service { sdl } }');
      expect(plain.extensions?.['ftv1'], name).toBeUndefined();
    }
  });

  it('keeps in a trace to itself what it keeps to itself in an answer', async () => {
    const query = `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Asset { worth } } }`;
    const keys = [{ __typename: 'Asset', id: 'bad' }];
    const header = { 'apollo-federation-include-trace': 'ftv1' };
    const answer = await ask('halls', query, { keys }, header);
    const trace = Buffer.from(String(answer.extensions?.['ftv1']), 'base64').toString('latin1');
    expect(trace).toContain('worth');
    expect(answer.errors).toHaveLength(1);
    expect(JSON.stringify(answer) + trace).not.toMatch(/secret|password/);
  });
});
