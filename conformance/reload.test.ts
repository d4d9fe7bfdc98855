import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { collectedLog, type LogEntry } from './testing/collected-log.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { startProject, type TestProject } from './testing/start-project.ts';

const sales = 'subgraphs/sales/schema.graphql';
const salesRep = '  salesRep: String\n';
const withFax = '  salesRep: String\n  fax: String @column(default: "none")\n';

const shipping = `${schemaHead}
type Customer @key(fields: "id") @table {
  id: ID!
  shippingFax: String
}
`;

interface Watched extends TestProject {
  readonly project: ProjectFolder;
  readonly entries: readonly LogEntry[];
}

async function startWatched(): Promise<Watched> {
  const project = ProjectFolder.copyOfRepository(tempFolder());
  const { log, entries } = collectedLog();
  const started = await startProject({
    projectDirectory: project.directory,
    log,
    isWatching: true,
  });
  return { ...started, project, entries };
}

/** Asks until the answer is this one. */
function eventually(graph: TestProject, query: string, data: unknown): Promise<unknown> {
  return vi.waitFor(async () => expect(await graph.ask(query)).toEqual({ status: 200, data }), {
    timeout: 30_000,
    interval: 50,
  });
}

function countIn({ data }: GraphAnswer): number {
  const { customersAggregate } = data as {
    readonly customersAggregate: readonly { readonly count: number }[];
  };
  return customersAggregate[0]?.count ?? Number.NaN;
}

function logged(entries: readonly LogEntry[], message: string): Promise<LogEntry> {
  return vi.waitFor(
    () => {
      const entry = entries.find(({ msg }) => msg === message);
      if (entry === undefined) throw new Error(`Nobody logged: ${message}`);
      return entry;
    },
    { timeout: 30_000, interval: 50 },
  );
}

const refused = 'the change was not taken over';

describe('a server that watches its project', () => {
  it('takes over a field that is added to a schema, and one that is removed', async () => {
    const graph = await startWatched();
    graph.project.edit(sales, salesRep, withFax);
    await eventually(graph, '{ customer(id: "C0000042") { name fax } }', {
      customer: { name: expect.any(String), fax: 'none' },
    });
    expect(graph.server.supergraphSdl()).toContain('fax: String');
    graph.project.edit(sales, withFax, '');
    await vi.waitFor(
      async () => {
        const { errors } = await graph.ask('{ customer(id: "C0000042") { salesRep } }');
        expect(errors?.[0]?.message).toContain('salesRep');
      },
      { timeout: 30_000, interval: 50 },
    );
    expect(await graph.ask('{ customer(id: "C0000042") { creditLimit } }')).toMatchObject({
      data: { customer: { creditLimit: 9576.14 } },
    });
  });

  it('drops no request and fails none while the graph is swapped again and again', async () => {
    const graph = await startWatched();
    const query = '{ customer(id: "C0000042") { name creditLimit invoices { amount } } }';
    const expected = await graph.ask(query);
    expect(expected.errors).toBeUndefined();
    const over = new AbortController();
    onTestFinished(() => over.abort());
    let answers = 0;
    const ask = async (): Promise<void> => {
      while (!over.signal.aborted) {
        expect(await graph.ask(query)).toEqual(expected);
        answers++;
      }
    };
    const load = Promise.all(Array.from({ length: 8 }, ask));
    for (const field of ['first', 'second', 'third']) {
      // A column and with it another projection, so that also the lake changes under the requests.
      graph.project.edit(sales, salesRep, `${salesRep}  ${field}: String @column(default: "-")\n`);
      await eventually(graph, `{ customer(id: "C0000042") { ${field} } }`, {
        customer: { [field]: '-' },
      });
    }
    over.abort();
    await load;
    expect(answers).toBeGreaterThan(20);
    expect(graph.entries.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('knows the operations of before already, and has asked nobody anything for that', async () => {
    const graph = await startWatched();
    const { url } = graph.server;
    const planned = '{ customer(id: "C0000042") { name creditLimit } }';
    const ofHub = 'query Of($id: ID!) { customer(id: $id) { name salesRep } }';
    const refused = '{ nothing }';
    const change =
      'mutation Change($name: String!) { createCustomer(input: { name: $name, email: $name }) { errors { code } } }';
    for (const query of [planned, ofHub, ofHub, refused])
      await askGraph(`${url}/graphql`, query, { id: 'C0000042' });
    await askGraph(`${url}/graphql`, change, { name: 'one@mail.example' });
    const count = '{ customersAggregate { count } }';
    const before = await graph.ask(count);
    graph.statements.length = 0;
    graph.project.edit(sales, salesRep, withFax);
    await logged(graph.entries, 'the graph was swapped');
    expect(graph.statements.filter((text) => text.includes('C0000042'))).toEqual([]);
    for (const [query, variables] of [
      [planned, {}],
      [ofHub, { id: 'C0000043' }],
      [change, { name: 'two@mail.example' }],
    ] as const) {
      await askGraph(`${url}/graphql`, query, variables);
      await vi.waitFor(() =>
        expect(
          graph.entries.findLast(({ msg }) => msg === 'request'),
          query,
        ).toMatchObject({
          way: 'known',
        }),
      );
    }
    // Of the two changes that were asked for, none was made once more.
    const { data } = await graph.ask(count);
    expect(data).toEqual({ customersAggregate: [{ count: countIn(before) + 1 }] });
  });

  it('lets a request end with the graph with which it began', async () => {
    const graph = await startWatched();
    const slow = `
      import { setTimeout } from 'node:timers/promises';
      export default {
        Customer: { creditLimit: async () => { await setTimeout(2000); return 1; } },
      };
    `;
    graph.project.write('subgraphs/sales/resolvers.ts', slow);
    await eventually(graph, '{ customer(id: "C0000042") { creditLimit } }', {
      customer: { creditLimit: 1 },
    });
    const began = askGraph(
      `${graph.server.url}/graphql`,
      '{ customer(id: "C0000042") { creditLimit salesRep } }',
    );
    graph.project.write(
      'subgraphs/sales/resolvers.ts',
      slow.replace('2000', '0').replace('1;', '2;'),
    );
    graph.project.edit(sales, salesRep, '');
    await eventually(graph, '{ customer(id: "C0000042") { creditLimit } }', {
      customer: { creditLimit: 2 },
    });
    expect(await began).toEqual({
      status: 200,
      data: { customer: { creditLimit: 1, salesRep: 'Maximilian Goyette' } },
    });
  });

  it('takes over a change of resolvers.ts', async () => {
    const graph = await startWatched();
    graph.project.edit('subgraphs/sales/resolvers.ts', 'NET_60: 0.1', 'NET_60: 0.5');
    await eventually(graph, '{ customer(id: "C0000042") { creditLimit } }', {
      customer: { creditLimit: 47880.69 },
    });
  });

  it.each([
    { what: 'broken syntax', from: salesRep, to: '  salesRep: : String\n', code: 'SCHEMA_SYNTAX' },
    {
      what: 'a column that is not there',
      from: salesRep,
      to: '  salesRep: String @column(name: "rep")\n',
      code: 'MAPPING_COLUMN_MISSING',
    },
    {
      what: 'a requirement that nobody meets',
      from: '@requires(fields: "paymentTerms")',
      to: '@requires(fields: "paymentTerm")',
      code: 'SUBGRAPH_INVALID',
    },
  ])('reports $what, goes on as before, and takes over the mended schema', async (broken) => {
    const graph = await startWatched();
    graph.project.edit(sales, broken.from, broken.to);
    const { level, err } = await logged(graph.entries, refused);
    expect(level).toBe('error');
    expect(err).toMatchObject({ code: broken.code });
    expect(await graph.ask('{ customer(id: "C0000042") { creditLimit salesRep } }')).toMatchObject({
      data: { customer: { creditLimit: 9576.14 } },
    });
    graph.project.edit(sales, broken.to, broken.from);
    graph.project.edit(sales, salesRep, withFax);
    await eventually(graph, '{ customer(id: "C0000042") { fax } }', { customer: { fax: 'none' } });
  });

  it('takes over a domain that is added, with its seed file', async () => {
    const graph = await startWatched();
    graph.project.write(
      'lake-data/seed/shipping/customer.csv',
      'id,shipping_fax\nC0000042,+1 555 0100\n',
    );
    graph.project.addSubgraph('shipping', shipping);
    await eventually(graph, '{ customer(id: "C0000042") { shippingFax } }', {
      customer: { shippingFax: '+1 555 0100' },
    });
    graph.project.edit(
      'subgraphs/shipping/schema.graphql',
      'shippingFax: String',
      'shippingFax: String @deprecated(reason: "Call.")',
    );
    await vi.waitFor(() => expect(graph.server.supergraphSdl()).toContain('Call.'), {
      timeout: 30_000,
    });
    graph.project.removeSubgraph('shipping');
    await vi.waitFor(() => expect(graph.server.supergraphSdl()).not.toContain('shippingFax'), {
      timeout: 30_000,
    });
    expect(await graph.ask('{ customer(id: "C0000042") { creditLimit } }')).toMatchObject({
      data: { customer: { creditLimit: 9576.14 } },
    });
  });

  it('takes over an added domain once its broken schema was mended', async () => {
    const graph = await startWatched();
    graph.project.addSubgraph('shipping', shipping.replace('shippingFax: String', 'shippingFax'));
    await logged(graph.entries, refused);
    graph.project.write('subgraphs/shipping/schema.graphql', shipping);
    await eventually(graph, '{ customer(id: "C0000042") { shippingFax } }', {
      customer: { shippingFax: null },
    });
  });
});
