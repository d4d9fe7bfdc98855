import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { linkFederation, startFederationServer } from '../testing/federation-server.ts';
import { ProjectFolder } from '../testing/project-folder.ts';
import { serveRemoteSupergraph } from '../testing/remote-supergraph.ts';
import { startProject, type TestProject } from '../testing/start-project.ts';

type Fields = Readonly<Record<string, unknown>>;

const saying = (what: string) => () => what;

function garage() {
  return {
    old: {
      sdl: `
        type Query { car: Car }
        type Car @key(fields: "id") {
          id: ID!
          motor: String
          gear: String
          roof: String
          seats: String
          always: String
          never: String
        }
      `,
      resolvers: {
        Query: { car: () => ({ id: '1' }) },
        Car: {
          motor: saying('old'),
          gear: saying('old'),
          roof: saying('old'),
          seats: saying('old'),
          always: saying('old'),
          never: saying('old'),
        },
      },
    },
    new: {
      sdl: `
        type Query { newest: Car }
        type Car @key(fields: "id") {
          id: ID!
          motor: String @override(from: "old", label: "motors")
          gear: String @override(from: "old", label: "gears")
          roof: String @override(from: "old", label: "roofs")
          seats: String @override(from: "old", label: "percent(50)")
          always: String @override(from: "old", label: "percent(100)")
          never: String @override(from: "old", label: "percent(0)")
        }
      `,
      resolvers: {
        Query: { newest: () => ({ id: '1' }) },
        Car: {
          motor: saying('new'),
          gear: saying('new'),
          roof: saying('new'),
          seats: saying('new'),
          always: saying('new'),
          never: saying('new'),
        },
      },
    },
  };
}

describe('a field that another subgraph takes over by a label', () => {
  const graph = serveRemoteSupergraph(garage(), {
    graph: { overrides: { labels: ['motors'], header: 'x-override' } },
  });

  it('is answered by that one where the settings name the label, from wherever the question comes', async () => {
    expect(await graph.dataOf('{ car { motor } newest { motor } }')).toEqual({
      car: { motor: 'new' },
      newest: { motor: 'new' },
    });
  });

  it('is answered by that one for each request whose header names the label', async () => {
    const query = '{ car { gear roof } }';
    const answers = [];
    for (const labels of ['gears', undefined, 'roofs, gears', 'unknown', 'gears']) {
      const headers = labels === undefined ? {} : { 'x-override': labels };
      const { data } = await graph.ask(query, {}, headers);
      answers.push(data?.['car']);
    }
    expect(answers).toEqual([
      { gear: 'new', roof: 'old' },
      { gear: 'old', roof: 'old' },
      { gear: 'new', roof: 'new' },
      { gear: 'old', roof: 'old' },
      { gear: 'new', roof: 'old' },
    ]);
  });

  it('is answered by that one for a part of all requests where the label is a percentage', async () => {
    const seen = new Set<unknown>();
    for (let count = 0; count < 60; count += 1) {
      const { data } = await graph.askOnce('{ car { seats always never } newest { seats } }');
      const { seats, ...others } = (data?.['car'] ?? {}) as Fields;
      expect(others).toEqual({ always: 'new', never: 'old' });
      // One request is answered by one decision.
      expect(data?.['newest']).toEqual({ seats });
      seen.add(seats);
    }
    expect(seen).toEqual(new Set(['old', 'new']));
  });
});

describe('a field with a label in a graph whose settings decide nothing', () => {
  const graph = serveRemoteSupergraph(garage());

  it('stays with its owner, whatever a request says', async () => {
    const { data } = await graph.ask('{ car { motor gear } }', {}, { 'x-override': 'gears' });
    expect(data).toEqual({ car: { motor: 'old', gear: 'old' } });
  });
});

describe('a field of the lake that a remote subgraph takes over by a label', () => {
  async function startMoving(): Promise<TestProject> {
    const staffing = {
      sdl: `type Customer @key(fields: "id") {
        id: ID!
        salesRep: String @override(from: "sales", label: "staffing")
      }`,
      resolvers: {
        Customer: { salesRep: ({ id }: { readonly id: string }) => `somebody for ${id}` },
      },
    };
    const remote = await startFederationServer(staffing);
    onTestFinished(() => remote.close());
    const project = ProjectFolder.copyOfRepository(tempFolder());
    project.addSubgraph('staffing', linkFederation(staffing.sdl), remote.url);
    return startProject({
      projectDirectory: project.directory,
      flags: { graph: { overrides: { header: 'x-override' } } },
    });
  }

  const question =
    '{ customers(first: 2) { nodes { id salesRep supportTier } } customer(id: "C0000042") { salesRep accountValue } }';

  it('is read from the lake, and from its new owner for the requests that ask for that', async () => {
    const { ask } = await startMoving();
    const { ask: askBefore } = await startProject();
    const { data: before } = await askBefore(question);
    expect(await ask(question)).toMatchObject({ data: before });
    const { data: after } = await ask(question, {}, { 'x-override': 'staffing' });
    const customers = before?.['customers'] as { readonly nodes: readonly Fields[] };
    expect(after).toEqual({
      customers: {
        nodes: customers.nodes.map((node) => ({ ...node, salesRep: `somebody for ${node['id']}` })),
      },
      customer: { ...(before?.['customer'] as Fields), salesRep: 'somebody for C0000042' },
    });
    expect(await ask(question)).toMatchObject({ data: before });
  });

  it('is no longer filtered by, since the lake does not know what the new owner says', async () => {
    const { ask } = await startMoving();
    const filter = '{ customers(first: 1, where: { salesRep: { isNull: false } }) { totalCount } }';
    const { errors } = await ask(filter);
    expect(errors?.[0]?.message).toContain('"salesRep" is not defined by type "CustomerFilter"');
  });
});
