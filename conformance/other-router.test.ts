import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { freePort } from './testing/free-port.ts';
import { startHiveRouter, type HiveRouter } from './testing/hive-router.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const single: Readonly<Record<string, Question>> = {
  'the example': customerRevenue,
  'one domain': { query: '{ customer(id: "C0000007") { supportTier lifetimeTickets } }' },
  'every domain': {
    query: `query ($id: ID!) {
      customer(id: $id) { id name email createdAt updatedAt createdBy accountValue salesRep
        supportTier lifetimeTickets vatNumber paymentTerms invoices { id amount issuedOn dueOn status } }
    }`,
    variables: { id: 'C0000001' },
  },
  'a customer without a row in a domain': {
    query: '{ customer(id: "C0000005") { name accountValue salesRep creditLimit } }',
  },
  'a computed field': { query: '{ customer(id: "C0000001") { creditLimit } }' },
  'a relation to one': {
    query: '{ invoice(id: "I00000001") { amount customer { name accountValue creditLimit } } }',
  },
  'there and back': {
    query: '{ invoice(id: "I00000002") { customer { invoices { id customer { supportTier } } } } }',
  },
  'the lean identity': { query: '{ customerIdentity(id: "C0000003") { __typename id name } }' },
  'the lean identity with a fragment': {
    query: `query { customerIdentity(id: "C0000003") { ...Lean ... on Customer { salesRep vatNumber } } }
      fragment Lean on CustomerIdentity { name email }`,
  },
  'aliases and two look-ups': {
    query: `{
      first: customer(id: "C0000001") { label: name worth: accountValue }
      second: customer(id: "C0000002") { label: name worth: accountValue }
      nobody: customer(id: "nobody") { label: name }
    }`,
  },
  'a condition': {
    query:
      'query ($a: Boolean!) { customer(id: "C0000001") { name salesRep @include(if: $a) email @skip(if: $a) } }',
    variables: { a: true },
  },
};

const lists: Readonly<Record<string, Question>> = {
  'a page': {
    query: `{ customers(first: 20) {
      nodes { id name accountValue supportTier vatNumber creditLimit }
      pageInfo { hasNextPage endCursor }
      totalCount
    } }`,
  },
  'the edges of a page': {
    query:
      'query ($n: Int) { invoices(first: $n) { edges { cursor node { amount customer { salesRep } } } } }',
    variables: { n: 5 },
  },
  'a filter over several domains, in an order and with figures': {
    query: `query ($where: CustomerFilter!, $order: [CustomerOrder]) {
      customers(where: $where, orderBy: $order, first: 3) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          name accountValue creditLimit
          invoices(where: { status: { eq: PAID } }, orderBy: [{ amount: DESC }], first: 2) { id amount }
          invoicesConnection(first: 1) { totalCount nodes { id } }
          invoicesAggregate { count sum { amount } quantiles(at: [0.5]) { amount } }
        }
      }
    }`,
    variables: {
      where: {
        supportTier: { in: ['GOLD', 'PLATINUM'] },
        paymentTerms: { eq: 'NET_60' },
        accountValue: { gte: '10000.00' },
        invoices: { some: { status: { ne: 'VOID' } } },
      },
      order: [{ accountValue: 'DESC' }, { name: 'ASC' }],
    },
  },
  'an aggregate over several domains': {
    query: `{
      customersAggregate(
        where: { createdAt: { gte: "2024-01-01T00:00:00Z" } }
        groupBy: [{ field: salesRep }, { field: createdAt, bucket: YEAR, timeZone: "Europe/Berlin" }]
        having: { count: { gt: 3 } }
        orderBy: [{ sum: { accountValue: DESC } }]
        limit: 3
      ) { keys { salesRep createdAt } count sum { accountValue } avg { lifetimeTickets } }
      invoicesAggregate(
        where: { customer: { paymentTerms: { eq: NET_60 } } }
        groupBy: [{ customer: { field: supportTier } }]
      ) { keys { customer { supportTier } } count sum { amount customer { accountValue } } }
    }`,
  },
};

const graphs = [
  { graph: 'the graph with the hub', isWithHub: true, questions: { ...single, ...lists } },
  { graph: 'the authored graph without the hub', isWithHub: false, questions: single },
] as const;

describe.each(graphs)('another router over $graph', ({ isWithHub, questions }) => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let project: TestProject;
  let router: HiveRouter;

  beforeAll(async () => {
    const port = await freePort();
    const folder = ProjectFolder.copyOfRepository(folders.project);
    const list = folder.read('supergraph.yaml');
    folder.write('supergraph.yaml', list.replaceAll(':4000/', `:${port}/`));
    project = await startProjectUntilClosed({
      projectDirectory: folder.directory,
      dataDirectory: folders.data,
      flags: { server: { port }, graph: { hub: isWithHub } },
    });
    router = startHiveRouter(project.server.supergraphSdl());
  });

  afterAll(async () => {
    await router.close();
    await project.server.close();
  });

  it.each(Object.entries(questions))('gives an equal answer for %s', async (_, question) => {
    const { query, variables } = question;
    const ours = await project.ask(query, variables);
    const theirs = await router.ask(query, variables);
    expect(ours.errors).toBeUndefined();
    expect(ours.data).not.toBeNull();
    expect(theirs.errors).toBeUndefined();
    expect(theirs.data).toEqual(ours.data);
  });

  it('is served by the subgraphs of this server', async () => {
    router.fetches.length = 0;
    await router.ask('{ customer(id: "C0000001") { name accountValue supportTier vatNumber } }');
    const asked = isWithHub ? ['_hub'] : ['identity', 'sales', 'support', 'billing'];
    expect(router.fetches.toSorted()).toEqual(asked.toSorted());
  });

  if (isWithHub)
    it('asks the hub alone for filters, orders and figures over all domains', async () => {
      router.fetches.length = 0;
      const { data, errors } = await router.ask(`{
      customers(where: { supportTier: { eq: GOLD }, accountValue: { gt: 5 } }, orderBy: [{ vatNumber: ASC }], first: 2) {
        nodes { name invoicesAggregate { sum { amount } } }
      }
      invoicesAggregate(groupBy: [{ customer: { field: salesRep } }], limit: 2) { count }
    }`);
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ customers: { nodes: [{}, {}] }, invoicesAggregate: [{}, {}] });
      expect(router.fetches).toEqual(['_hub']);
    });

  it('goes on to a domain for what is computed', async () => {
    router.fetches.length = 0;
    await router.ask('{ customer(id: "C0000001") { name supportTier creditLimit } }');
    expect(router.fetches).toContain('sales');
    if (isWithHub) expect(router.fetches).toEqual(['_hub', 'sales']);
  });
});
