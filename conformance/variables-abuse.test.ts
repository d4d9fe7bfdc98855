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
  return Array.from({ length: 24_000 }, (_, position) => item(position));
}

/** As many as help, and one that says that there are more. */
function expectFew({ errors = [] }: GraphAnswer): void {
  expect(errors.length).toBeGreaterThan(1);
  expect(errors.length).toBeLessThanOrEqual(51);
  expect(errors.at(-1)?.message).toMatch(/^Too many errors processing variables/);
}
