import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../access/api-keys.ts';
import { systemClock } from '../foundation/clock.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { ExplainedOperation } from '../gateway/answer/explanation.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const explained = { 'x-tributary-explain': 'true' };
const point = '{ customer(id: "C0000042") { name supportTier } }';

describe('an answer that is explained', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });
  afterAll(() => project.server.close());

  const explain = async (query: string): Promise<ExplainedOperation> =>
    explanationOf(await project.ask(query, {}, explained));

  it('is the same answer, and asks the lake for the same', async () => {
    project.statements.length = 0;
    const plain = await project.ask(point);
    const { extensions: _, ...answer } = await project.ask(point, {}, explained);
    expect(answer).toEqual(plain);
    const [first, ...more] = project.statements;
    expect(more).toEqual([first]);
  });

  it('says which SQL ran, what it read and how long it took, and no values', async () => {
    expect(await explain(point)).toEqual({
      plan: 'hub',
      fetches: [{ subgraph: '_hub', ms: expect.any(Number) }],
      statements: [
        {
          subgraph: '_hub',
          sql: expect.stringMatching(/^SELECT .* FROM "hub"\."customer_\w+" .*IN \(\$1\)$/),
          values: 1,
          rowsReturned: 1,
          rowsRead: 1,
          ms: expect.any(Number),
          waitedMs: expect.any(Number),
          lane: 'point',
        },
      ],
    });
  });

  it('tells rows that were read from rows that were found', async () => {
    const { statements } = await explain(
      '{ customers(where: { salesRep: { contains: "nobody" } }) { totalCount } }',
    );
    expect(statements).toMatchObject([{ rowsReturned: 1, rowsRead: 1000, lane: 'scan' }]);
  });

  it('shows the query plan, and the statements of domains', async () => {
    const { plan, fetches, statements } = await explain(
      '{ customer(id: "C0000042") { creditLimit } }',
    );
    expect(plan).toContain('Fetch(service: "_hub")');
    expect(plan).toContain('Fetch(service: "sales")');
    expect(fetches.map(({ subgraph }) => subgraph)).toEqual(['_hub', 'sales']);
    expect(statements).toMatchObject([
      { subgraph: '_hub', rowsRead: 1 },
      { subgraph: 'sales', rowsRead: 1, sql: expect.stringContaining('FROM "sales"."customer"') },
    ]);
  });

  it('is none where nobody asked for it', async () => {
    const { extensions } = await project.ask(point);
    expect(extensions).toBeUndefined();
  });

  it('says what it can of a question with a mistake', async () => {
    const answer = await project.ask('{ customer { name } }', {}, explained);
    expect(answer.errors).toHaveLength(1);
    expect(explanationOf(answer)).toEqual({ plan: null, fetches: [], statements: [] });
  });

  it('is refused with a reason to who may not see it', async () => {
    const { token } = await createKey({ directory: dataDirectory, name: 'x', clock: systemClock });
    const answer = await project.ask(point, {}, { ...explained, 'x-api-key': token });
    expect(answer).toMatchObject({
      status: 403,
      errors: [
        {
          message: 'Answers are not explained to this caller.',
          extensions: { code: 'EXPLAIN_REFUSED', hint: expect.stringContaining('"local"') },
        },
      ],
    });
    expect(answer).not.toHaveProperty('data');
  });
});

describe('without the hub', () => {
  const dataDirectory = sharedTempFolder();
  it('the statements of each domain are shown', async () => {
    const project = await startProjectUntilClosed({
      dataDirectory,
      flags: { graph: { hub: false } },
    });
    const answer = await project.ask(point, {}, explained);
    await project.server.close();
    const { plan, statements } = explanationOf(answer);
    expect(plan).toContain('Fetch(service: "identity")');
    expect(new Set(statements.map(({ subgraph }) => subgraph))).toEqual(
      new Set(['identity', 'support']),
    );
    expect(statements.every(({ rowsRead }) => rowsRead === 1)).toBe(true);
  });
});

function explanationOf({ extensions }: GraphAnswer): ExplainedOperation {
  // A question with a mistake has no cost.
  const { cost: _, ...rest } = extensions ?? {};
  expect(rest).toEqual({ tributary: { explain: expect.any(Object) } });
  const { explain } = (extensions ?? {})['tributary'] as { readonly explain: ExplainedOperation };
  return explain;
}
