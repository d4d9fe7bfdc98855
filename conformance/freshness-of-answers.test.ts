import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualTime } from '../foundation/testing/manual-time.ts';
import { freshnessOf } from '../motion/testing/memory-sync.ts';
import type { Freshness } from '../sync/sync-service.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import {
  repositoryDirectory,
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

const told: readonly Freshness[] = [
  freshnessOf('identity', { state: 'LIVE', watermark: null, lastSuccess: null, lagSeconds: null }),
  freshnessOf('sales', { lagSeconds: 3_600, watermark: new Date('2026-01-31T00:00:00Z') }),
  freshnessOf('support', { lagSeconds: 60 }),
  freshnessOf('billing', { table: 'customer', lagSeconds: 10 }),
  freshnessOf('billing', { table: 'invoice', lagSeconds: 100_000, state: 'STALE' }),
];
const wish = { 'x-tributary-freshness': 'true' };

/** Questions, and the domains that their answers are made of. */
const everywhere: readonly (readonly [string, string, string])[] = [
  ['the identity alone', '{ customer(id: "C0000042") { id name email } }', 'identity'],
  ['fields of a domain', '{ customer(id: "C0000042") { accountValue } }', 'identity sales'],
  [
    'fields of every domain',
    '{ customer(id: "C0000042") { name accountValue supportTier vatNumber } }',
    'billing identity sales support',
  ],
  [
    'related rows',
    '{ customer(id: "C0000042") { invoices { amount customer { supportTier } } } }',
    'billing identity support',
  ],
  ['an entity of a domain', '{ invoice(id: "I00000001") { amount } }', 'billing'],
  ['a computed field', '{ customer(id: "C0000042") { creditLimit } }', 'billing identity sales'],
  [
    'several questions',
    '{ a: customer(id: "C0000042") { salesRep } b: invoice(id: "I00000001") { dueOn } }',
    'billing identity sales',
  ],
];

const inTheHub: readonly (readonly [string, string, string])[] = [
  [
    'a filter',
    '{ customers(first: 1, where: { supportTier: { eq: GOLD } }) { nodes { name } } }',
    'identity support',
  ],
  [
    'an order',
    '{ customers(first: 1, orderBy: [{ accountValue: DESC }]) { nodes { name } } }',
    'identity sales',
  ],
  [
    'groups',
    '{ customersAggregate(groupBy: [{ field: supportTier }]) { count } }',
    'identity support',
  ],
  [
    'a condition on groups',
    '{ customersAggregate(groupBy: [{ field: salesRep }], having: { sum: { lifetimeTickets: { gt: 1 } } }) { count } }',
    'identity sales support',
  ],
  [
    'a search',
    '{ customers(first: 1, search: { text: "an", fields: [salesRep] }) { totalCount } }',
    'identity sales',
  ],
  [
    'related figures',
    '{ customers(first: 1) { nodes { invoicesAggregate { sum { amount } } } } }',
    'billing identity',
  ],
  [
    'a filter by related rows',
    '{ customers(first: 1, where: { invoices: { some: { amount: { gt: 10 } } } }) { nodes { salesRep } } }',
    'billing identity sales',
  ],
  [
    'a list with a computed field',
    '{ customers(first: 3) { nodes { creditLimit } } }',
    'billing identity sales',
  ],
  ['a large page', '{ customers(first: 500) { nodes { id supportTier } } }', 'identity support'],
];

describe('the age of an answer', () => {
  const directories: string[] = [];
  let graph: TestProject;
  let plain: TestProject;

  beforeAll(async () => {
    graph = await start({});
    plain = await start({ graph: { hub: false } });
  });
  afterAll(async () => {
    await graph.server.close();
    await plain.server.close();
    for (const directory of directories) rmSync(directory, { recursive: true });
  });

  function start(flags: { readonly graph?: { readonly hub: boolean } }): Promise<TestProject> {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'tributary-freshness-'));
    directories.push(dataDirectory);
    return startProjectUntilClosed({
      dataDirectory,
      flags,
      freshness: () => Promise.resolve(told),
    });
  }

  it('is told by domain, oldest table first, beside the data', async () => {
    const query = '{ customer(id: "C0000042") { name accountValue invoices { amount } } }';
    const { data, errors, extensions } = await graph.ask(query, {}, wish);
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ customer: { name: expect.any(String) } });
    expect(extensions).toEqual({
      freshness: [
        {
          domain: 'billing',
          watermark: '2026-01-31T01:00:00.000Z',
          lastSuccess: '2026-01-31T01:00:00.000Z',
          lagSeconds: 100_000,
          state: 'STALE',
        },
        { domain: 'identity', watermark: null, lastSuccess: null, lagSeconds: null, state: 'LIVE' },
        {
          domain: 'sales',
          watermark: '2026-01-31T00:00:00.000Z',
          lastSuccess: '2026-01-31T01:00:00.000Z',
          lagSeconds: 3_600,
          state: 'FRESH',
        },
      ],
    });
  });

  it.each(everywhere)('names the domains of %s, with the hub', async (_, query, domains) => {
    expect(domainsOf(await graph.ask(query, {}, wish))).toBe(domains);
  });

  it.each(everywhere)('names the domains of %s, without the hub', async (_, query, domains) => {
    expect(domainsOf(await plain.ask(query, {}, wish))).toBe(domains);
  });

  it.each(inTheHub)('names the domains of %s', async (_, query, domains) => {
    const answer = await graph.ask(query, {}, wish);
    expect(domainsOf(answer)).toBe(domains);
    expect(domainsOf(await graph.ask(query, {}, wish))).toBe(domains);
  });

  it('leaves billing out where nothing was read of its rows but that they lead here', async () => {
    // The key of the customer stands in billing's table, so that is one that was read.
    const query = '{ invoice(id: "I00000001") { customer { id } } }';
    for (const project of [graph, plain])
      expect(domainsOf(await project.ask(query, {}, wish))).toMatch(/^billing( identity)?$/);
    expect(domainsOf(await graph.ask('{ customer(id: "C0000042") { id } }', {}, wish))).toBe(
      'identity',
    );
  });

  it('is not told to those who did not ask', async () => {
    const query = '{ customer(id: "C0000042") { accountValue } }';
    expect((await graph.ask(query)).extensions).toBeUndefined();
    expect(
      (await graph.ask(query, {}, { 'x-tributary-freshness': 'false' })).extensions,
    ).toBeUndefined();
  });

  it('stands beside an explanation', async () => {
    const headers = { ...wish, 'x-tributary-explain': 'true' };
    const { extensions } = await graph.ask('{ customer(id: "C0000042") { name } }', {}, headers);
    expect(Object.keys(extensions ?? {}).toSorted()).toEqual(['cost', 'freshness', 'tributary']);
  });

  it('is told of an answer with errors, and of one of which nothing is in the lake', async () => {
    const failed = await graph.ask('{ customers(first: -1) { nodes { name } } }', {}, wish);
    expect(failed.errors).toHaveLength(1);
    expect(failed.extensions?.['freshness']).toEqual([]);
    expect((await graph.ask('{ __typename }', {}, wish)).extensions).toEqual({ freshness: [] });
  });

  it('is told by the hub and by the domains to those who ask them themselves', async () => {
    const asked = (name: string, query: string): Promise<GraphAnswer> =>
      askGraph(`${graph.server.url.replace(/\/$/, '')}/subgraphs/${name}`, query, {}, wish);
    const entities = (selection: string): string =>
      `{ _entities(representations: [{ __typename: "Customer", id: "C0000042" }]) { ... on Customer { ${selection} } } }`;
    expect(
      domainsOf(await asked('_hub', '{ customers(first: 1) { nodes { supportTier } } }')),
    ).toBe('identity support');
    expect(domainsOf(await asked('_hub', entities('vatNumber')))).toBe('billing identity');
    expect(domainsOf(await asked('billing', entities('vatNumber invoices { id }')))).toBe(
      'billing identity',
    );
  });

  it.each(['yes', 'TRUE', '1', ''])('is refused to the header value %j', async (value) => {
    const { status, errors } = await graph.ask(
      '{ __typename }',
      {},
      { 'x-tributary-freshness': value },
    );
    expect(status).toBe(400);
    expect(errors?.[0]?.message).toBe(`The header x-tributary-freshness cannot be "${value}".`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FRESHNESS_UNKNOWN' });
  });
});

describe('how old the tables are', () => {
  const query = '{ customer(id: "C0000042") { salesRep } }';

  it('is asked at most once a second, and only for who wants to know', async () => {
    const time = new ManualTime();
    let readings = 0;
    const { ask } = await startProject({
      clock: time,
      freshness: () => Promise.resolve([freshnessOf('sales', { lagSeconds: ++readings })]),
    });
    const lag = async (): Promise<unknown> => {
      const { extensions } = await ask(query, {}, wish);
      const entries = extensions?.['freshness'] as readonly { readonly lagSeconds: number }[];
      return entries.at(-1)?.lagSeconds;
    };
    await ask(query);
    expect(readings).toBe(0);
    expect(await Promise.all([lag(), lag(), lag()])).toEqual([1, 1, 1]);
    await time.advance(999);
    expect(await lag()).toBe(1);
    await time.advance(1);
    expect(await lag()).toBe(2);
  });

  it('is read before the data, so that an answer never claims to be newer than it is', async () => {
    const order: string[] = [];
    const { ask, statements } = await startProject({
      freshness: () => {
        order.push(`${statements.length} statements`);
        return Promise.resolve(told);
      },
    });
    statements.length = 0;
    await ask(query, {}, wish);
    expect(order).toEqual(['0 statements']);
    expect(statements.length).toBeGreaterThan(0);
  });

  it('may be unknown, which spoils no answer, and is tried again', async () => {
    let isBroken = true;
    const { ask } = await startProject({
      freshness: () => (isBroken ? Promise.reject(new Error('broken')) : Promise.resolve(told)),
    });
    const { data, errors, extensions } = await ask(query, {}, wish);
    expect(errors).toBeUndefined();
    expect(data?.['customer']).toBeTruthy();
    expect(extensions).toEqual({ freshness: null });
    isBroken = false;
    expect(domainsOf(await ask(query, {}, wish))).toBe('identity sales');
  });

  it('is what the syncs say of their tables', async () => {
    const { ask } = await startProject();
    const { extensions } = await ask('{ customer(id: "C0000042") { name salesRep } }', {}, wish);
    expect(extensions?.['freshness']).toMatchObject([
      { domain: 'identity', state: 'LIVE', lagSeconds: null },
      { domain: 'sales', watermark: null },
    ]);
  });

  it('is refused where a server keeps no lake', async () => {
    const { ask } = await startProject({
      supergraphFile: join(repositoryDirectory, 'supergraph.graphql'),
    });
    const { status, errors } = await ask('{ __typename }', {}, wish);
    expect(status).toBe(503);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FRESHNESS_UNAVAILABLE' });
    expect((await ask('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});

function domainsOf({ errors, extensions }: GraphAnswer): string {
  expect(errors).toBeUndefined();
  const entries = extensions?.['freshness'] as readonly { readonly domain: string }[];
  return entries.map(({ domain }) => domain).join(' ');
}
