import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { loadConfig } from '../foundation/config/load-config.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { openProject } from '../gateway/open-project.ts';
import { fetchPlanner, summarise, type PlanFetches } from './testing/plan-fetches.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { repositoryDirectory } from './testing/start-project.ts';

const reviews = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
type Query { latestReview: Review reviews: [Review!]! }
type Review @key(fields: "id") { id: ID! text: String author: Customer! invoice: Invoice }
type Customer @key(fields: "id", resolvable: false) { id: ID! }
type Invoice @key(fields: "id", resolvable: false) { id: ID! }
`;

async function plannerOf(projectDirectory: string): Promise<PlanFetches> {
  const environment = {};
  const config = loadConfig({ projectDirectory, environment });
  const { supergraphSdl } = await openProject({ projectDirectory, config, environment });
  return fetchPlanner(supergraphSdl);
}

describe('the query plan of a graph with the hub', () => {
  let plan: PlanFetches;

  beforeAll(async () => {
    plan = await plannerOf(repositoryDirectory);
  });

  const lakeBacked: Readonly<Record<string, string>> = {
    'identity alone': '{ customer(id: 1) { id name email createdAt updatedAt createdBy } }',
    'sales alone': '{ customer(id: 1) { accountValue salesRep } }',
    'support alone': '{ customer(id: 1) { supportTier lifetimeTickets } }',
    'billing alone': '{ customer(id: 1) { vatNumber paymentTerms } }',
    'relations of billing alone': '{ customer(id: 1) { invoices { id amount } } }',
    'all domains':
      '{ customer(id: 1) { name accountValue supportTier vatNumber invoices { status } } }',
    'the key alone': '{ customer(id: 1) { id } }',
    'the type name alone': '{ customer(id: 1) { __typename } }',
    'one field a domain under aliases':
      '{ customer(id: 1) { a: name b: accountValue c: supportTier d: vatNumber e: name } }',
    'an invoice': '{ invoice(id: 1) { id amount issuedOn dueOn status } }',
    'an invoice with its customer':
      '{ invoice(id: 1) { amount customer { name accountValue supportTier vatNumber } } }',
    'there and back four times':
      '{ invoice(id: 1) { customer { invoices { customer { supportTier } } } } }',
    'the lean identity': '{ customerIdentity(id: 1) { id name email } }',
    'the lean identity with a fragment on Customer':
      '{ customerIdentity(id: 1) { name ... on Customer { accountValue supportTier vatNumber } } }',
    'two look-ups of one kind': '{ a: customer(id: 1) { salesRep } b: customer(id: 2) { name } }',
    'look-ups of two kinds': '{ customer(id: 1) { supportTier } invoice(id: 1) { amount } }',
    'a list': '{ customers(first: 3) { nodes { name accountValue supportTier vatNumber } } }',
    'edges of a list':
      '{ invoices { edges { cursor node { customer { salesRep } } } pageInfo { endCursor } totalCount } }',
    'a list of one domain': '{ customers { nodes { supportTier } } }',
    'a condition': 'query ($a: Boolean!) { customer(id: 1) { name salesRep @include(if: $a) } }',
  };

  for (const [name, query] of Object.entries(lakeBacked)) {
    it(`is one fetch to the hub for ${name}`, () => {
      expect(summarise(plan(query))).toEqual(['_hub']);
    });
  }

  it('has one entity fetch more for a computed field, whatever stands beside it', () => {
    const computed = [
      '{ customer(id: 1) { creditLimit } }',
      '{ customer(id: 1) { creditLimit accountValue } }',
      '{ customer(id: 1) { name accountValue creditLimit supportTier vatNumber } }',
      '{ invoice(id: 1) { customer { creditLimit } } }',
      '{ customers { nodes { name creditLimit } } }',
      '{ customerIdentity(id: 1) { name ... on Customer { creditLimit } } }',
      customerRevenue.query,
    ];
    for (const query of computed) {
      expect(summarise(plan(query)), query).toEqual(['_hub', 'sales entities']);
    }
  });

  it('gives the hub what the computed field requires', () => {
    const [toHub, toSales] = plan('{ customer(id: 1) { creditLimit } }');
    expect(normalise(toHub?.operation)).toContain('paymentTerms');
    expect(normalise(toSales?.operation)).toContain('... on Customer { creditLimit }');
  });

  it('asks no more than the operation does', () => {
    const [fetch] = plan('{ customer(id: 1) { supportTier } }');
    expect(normalise(fetch?.operation)).toBe('{ customer(id: 1) { supportTier } }');
  });
});

describe('the query plan beside a remote subgraph', () => {
  const folder = sharedTempFolder();
  let plan: PlanFetches;

  beforeAll(async () => {
    const project = ProjectFolder.copyOfRepository(folder);
    project.addSubgraph('reviews', reviews);
    plan = await plannerOf(project.directory);
  });

  it('has one entity fetch to the hub for the fields of all domains', () => {
    const allDomains = 'name accountValue salesRep supportTier vatNumber invoices { amount }';
    for (const root of ['latestReview', 'reviews']) {
      const query = `{ ${root} { text author { ${allDomains} } } }`;
      expect(summarise(plan(query)), query).toEqual(['reviews', '_hub entities']);
    }
  });

  it('has one for the fields of each single domain', () => {
    for (const field of ['name', 'accountValue', 'supportTier', 'vatNumber', 'invoices { id }']) {
      const query = `{ latestReview { author { ${field} } } }`;
      expect(summarise(plan(query)), query).toEqual(['reviews', '_hub entities']);
    }
  });

  it('has none for a key that the remote subgraph knows', () => {
    expect(summarise(plan('{ latestReview { author { id } } }'))).toEqual(['reviews']);
  });

  it('has one for each kind of entity that the remote subgraph refers to', () => {
    const query = '{ latestReview { author { salesRep } invoice { amount } } }';
    expect(summarise(plan(query)).toSorted()).toEqual([
      '_hub entities',
      '_hub entities',
      'reviews',
    ]);
  });

  it('goes on to a computed field', () => {
    const query = '{ latestReview { author { name creditLimit } } }';
    expect(summarise(plan(query))).toEqual(['reviews', '_hub entities', 'sales entities']);
  });
});

describe('the committed supergraph', () => {
  it('is planned like that of the project', async () => {
    const committed = fetchPlanner(
      readFileSync(join(repositoryDirectory, 'supergraph.graphql'), 'utf8'),
    );
    expect(summarise(committed(customerRevenue.query))).toEqual(['_hub', 'sales entities']);
  });
});

function normalise(operation = ''): string {
  return print(parse(operation)).replaceAll(/\s+/g, ' ');
}
