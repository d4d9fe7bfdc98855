import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

const filtered = 'query ($where: CustomerFilter) { customers(where: $where) { totalCount } }';
const listed = 'query ($ids: [ID!]) { customers(where: { id: { in: $ids } }) { totalCount } }';

/** A body of a few kilobytes may ask for a lot: each item of a list can be wrong. */
describe('variables with thousands of wrong items', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });
  afterAll(() => project.server.close());

  const wrong: readonly (readonly [string, string, Record<string, unknown>])[] = [
    ['values that are none', listed, { ids: many(() => ({})) }],
    [
      'conditions on fields that there are not',
      filtered,
      { where: { or: many(() => ({ nam: {} })) } },
    ],
  ];

  it.each(wrong)(
    'are refused with few errors, a known operation too: %s',
    async (_, query, variables) => {
      for (let times = 0; times < 2; times++) {
        const answer = await project.ask(query, variables);
        expectRefusal(answer, 400, 'BAD_USER_INPUT');
        expectFew(answer);
        const [first] = answer.errors ?? [];
        expect(first?.message).toMatch(/got invalid value .* at "(ids|where\.or)\[0\]"/);
      }
    },
  );

  it('are refused so where a plan is needed, and by the subgraphs', async () => {
    const planned = filtered.replace('totalCount', 'nodes { creditLimit }');
    const where = { or: many(() => ({ nam: {} })) };
    const answer = await project.ask(planned, { where });
    expectRefusal(answer, 400, 'BAD_USER_INPUT');
    expectFew(answer);
    const hub = `${project.server.url}/subgraphs/_hub`;
    expectFew(await askGraph(hub, filtered, { where }));
    const billing = `${project.server.url}/subgraphs/billing`;
    const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    expectFew(await askGraph(billing, entities, { r: many(() => null) }));
  });
});

describe('one filter of many fields', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });
  afterAll(() => project.server.close());

  const conditions = (count: number) => ({
    or: Array.from({ length: count }, (_, n) => ({ name: { eq: `nobody ${n}` } })),
  });
  const everywhere = (times: number, field: string): string =>
    `query ($where: CustomerFilter) { ${Array.from({ length: times }, (_, n) => `a${n}: ${field}`).join(' ')} }`;
  const fields = [
    'customersAggregate(where: $where) { count }',
    'customers(where: $where, first: 1) { nodes { id } }',
    'customer(id: "C0000042") { invoices(where: { customer: $where }) { id } }',
    'customer(id: "C0000042") { invoicesAggregate(where: { customer: $where }) { count } }',
  ];

  it.each(fields)('counts in each of them: %s', async (field) => {
    const answer = await project.ask(everywhere(100, field), { where: conditions(500) });
    expect(answer.errors?.length).toBeGreaterThanOrEqual(96);
    const codes = new Set(answer.errors?.map(({ extensions }) => extensions?.['code']));
    expect(codes).toEqual(new Set(['FILTER_TOO_LARGE']));
    expect(answer.errors?.[0]?.extensions?.['hint']).toContain('graph.limits.conditions');
    const few = await project.ask(everywhere(3, field), { where: conditions(500) });
    expect(few.errors).toBeUndefined();
  });

  it('counts the values of its lists in each of them', async () => {
    const where = { id: { in: Array.from({ length: 9_000 }, (_, n) => `nobody ${n}`) } };
    const field = 'customersAggregate(where: $where) { count }';
    expect((await project.ask(everywhere(2, field), { where })).errors).toBeUndefined();
    expectRefusal(await project.ask(everywhere(3, field), { where }), 200, 'FILTER_LIST_TOO_LONG');
  });

  it('may ask for nothing only so often', async () => {
    const sorted = 'query ($by: [CustomerOrder!]) { customers(orderBy: $by) { totalCount } }';
    const by = Array.from({ length: 11 }, () => ({}));
    expectRefusal(await project.ask(sorted, { by }), 200, 'ORDER_TOO_LONG');
    const lists = { and: Array.from({ length: 13 }, () => ({ and: many(() => ({})) })) };
    expectRefusal(await project.ask(filtered, { where: lists }), 400, 'LIST_ITEMS_EXCEEDED');
    const nothing = { and: Array.from({ length: 2_001 }, () => ({})) };
    expectRefusal(await project.ask(filtered, { where: nothing }), 200, 'FILTER_TOO_LARGE');
  });
});

it('variables that do not fit are paid for like any others of their operation', async () => {
  const { ask } = await startProject({
    flags: { graph: { limits: { costPerSecond: 1, costBurst: 10 } } },
  });
  const page =
    'query ($n: Int, $ids: [ID!]) { customers(first: $n, where: { id: { in: $ids } }) { nodes { id } } }';
  expect((await ask(page, { n: 1, ids: ['C0000001'] })).status).toBe(200);
  expectRefusal(await ask(page, { n: 4, ids: [{}] }), 400, 'BAD_USER_INPUT');
  expectRefusal(await ask(page, { n: 6, ids: [{}] }), 429, 'RATE_LIMITED');
});

function many<Item>(item: (position: number) => Item): readonly Item[] {
  return Array.from({ length: 12_000 }, (_, position) => item(position));
}

/** As many as help, and one that says that there are more. */
function expectFew({ errors = [] }: GraphAnswer): void {
  expect(errors.length).toBeGreaterThan(1);
  expect(errors.length).toBeLessThanOrEqual(51);
  expect(errors.at(-1)?.message).toMatch(/^Too many errors processing variables/);
}
