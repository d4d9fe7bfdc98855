import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse, print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { randomGraph } from '../../../conformance/federation/random/random-graph.ts';
import { randomQuestion } from '../../../conformance/federation/random/random-question.ts';
import { randomWorld } from '../../../conformance/federation/random/random-rows.ts';
import { wholeServer } from '../../../conformance/federation/random/random-servers.ts';
import { subgraphSdl } from '../../../conformance/federation/random/subgraph-sdl.ts';
import { randomFrom } from '../../../conformance/oracle/random.ts';
import { linkFederation } from '../../../conformance/testing/federation-server.ts';
import { repositoryDirectory } from '../../../conformance/testing/start-project.ts';
import { EarlyEnd } from '../../../foundation/early-end.ts';
import { createLog } from '../../../foundation/log.ts';
import { compose } from '../../../registry/compose.ts';
import { prepareSupergraph } from '../../../registry/prepare-supergraph.ts';
import type { PlanQuestion } from './plan-messages.ts';
import { plannerSettings } from '../planner-settings.ts';
import { PlannerProcess } from './planner-process.ts';
import { makePlan } from '../make-plan.ts';

const example = readFileSync(join(repositoryDirectory, 'supergraph.graphql'), 'utf8');
const log = createLog({ level: 'silent' });
const forEver = new EarlyEnd();

type PlannerOptions = Partial<ConstructorParameters<typeof PlannerProcess>[0]>;

function startPlanner(options: PlannerOptions = {}): PlannerProcess {
  const { supergraphSdl, narrowed } = prepareSupergraph(example);
  const planner = new PlannerProcess({ supergraphSdl, narrowed, log, ...options });
  onTestFinished(() => planner.stop());
  return planner;
}

const asked =
  (document: string, labels: readonly string[] = []) =>
  (): PlanQuestion => ({
    document,
    operationName: undefined,
    labels,
  });

const names = (count: number): string =>
  `{ ${Array.from({ length: count }, (_, n) => `a${n}: customer(id: "C${n}") { name creditLimit }`).join(' ')} }`;

/** The text of the plan that the gateway makes by itself. */
function plannerHere(supergraphSdl: string): (query: string) => string {
  const prepared = prepareSupergraph(supergraphSdl);
  const supergraph = Supergraph.build(prepared.supergraphSdl, { validateSupergraph: true });
  const planner = new QueryPlanner(supergraph, plannerSettings);
  return (query) => {
    const operation = operationFromDocument(supergraph.apiSchema(), parse(query));
    const build = planner.buildQueryPlan.bind(planner);
    return JSON.stringify(makePlan(build, [operation], prepared));
  };
}

describe('a process of its own plans as the gateway does', () => {
  it('what the golden queries ask', async () => {
    const folder = join(repositoryDirectory, 'conformance/golden');
    const planner = startPlanner();
    const planHere = plannerHere(example);
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.graphql'))) {
      const query = readFileSync(join(folder, file), 'utf8');
      const { plan, length } = await planner.plan(file, asked(print(parse(query))), forEver);
      const expected = planHere(query);
      expect([file, JSON.stringify(plan)]).toEqual([file, expected]);
      expect(length).toBe(expected.length);
    }
  });

  it.each([1, 2, 3, 8, 13])('questions to the made-up supergraph of seed %i', async (seed) => {
    const random = randomFrom(seed);
    const graph = randomGraph(random);
    const { schema } = wholeServer(graph, randomWorld(graph, random));
    const subgraphs = graph.subgraphs.flatMap((name) => {
      const sdl = subgraphSdl(graph, name);
      return sdl === '' ? [] : [{ name, url: 'http://localhost', sdl: linkFederation(sdl) }];
    });
    const { supergraphSdl } = compose({ subgraphs });
    const planner = startPlanner(prepareSupergraph(supergraphSdl));
    const planHere = plannerHere(supergraphSdl);
    for (let count = 0; count < 10; count++) {
      const { query } = randomQuestion(schema, random, '');
      const { plan } = await planner.plan(String(count), asked(query), forEver);
      expect(JSON.stringify(plan)).toBe(planHere(query));
    }
  });
});

describe('a planner in a process', () => {
  it('holds up nobody', async () => {
    const planner = startPlanner();
    const order: string[] = [];
    const made = planner.plan('large', asked(names(300)), forEver).then(() => order.push('a plan'));
    for (let turn = 0; turn < 10; turn++) {
      await new Promise(setImmediate);
      order.push('a turn');
    }
    await made;
    expect(order.indexOf('a plan')).toBe(10);
  });

  it('makes one plan for all who ask for it at once', async () => {
    const planner = startPlanner();
    let questions = 0;
    const question = (): PlanQuestion => {
      questions++;
      return asked(names(1))();
    };
    const ask = () => planner.plan('same', question, forEver);
    const [first, second, third] = await Promise.all([ask(), ask(), ask()]);
    expect([second.plan === first.plan, third.plan === first.plan, questions]).toEqual([
      true,
      true,
      1,
    ]);
  });

  it('refuses more plans than it may have before it, and does not make those that nobody waits for', async () => {
    const planner = startPlanner({ mostPlans: 2 });
    const first = planner.plan('first', asked(names(1)), forEver);
    const gone = new EarlyEnd();
    const second = planner.plan('second', asked(names(2)), gone);
    await expect(planner.plan('third', asked(names(3)), forEver)).rejects.toMatchObject({
      code: 'PLANNER_BUSY',
      status: 503,
      retryAfterSeconds: 1,
    });
    gone.come(new Error('gone'));
    await expect(second).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
    const third = planner.plan('third', asked(names(3)), forEver);
    expect((await first).length).toBeLessThan((await third).length);
  });

  it('goes on with a plan that is begun, for who asks for it again', async () => {
    const kept: string[] = [];
    const planner = startPlanner({ onPlan: (key) => void kept.push(key) });
    const gone = new EarlyEnd();
    const left = planner.plan('same', asked(names(1)), gone);
    gone.come(new Error('gone'));
    await expect(left).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
    const unasked = (): PlanQuestion => {
      throw new Error('The plan is under way.');
    };
    expect((await planner.plan('same', unasked, forEver)).length).toBeGreaterThan(0);
    expect(kept).toEqual(['same']);
  });

  it('says as the gateway what was wrong, and then goes on', async () => {
    const planner = startPlanner({ longestMs: 1_000 });
    const plan = (document: string) => planner.plan(document, asked(document), forEver);
    expect((await plan(names(1))).length).toBeGreaterThan(0);
    await expect(plan('{ nothing }')).rejects.toThrow(
      'Cannot query field "nothing" on type "Query".',
    );
    await expect(plan(names(5_000))).rejects.toMatchObject({ name: 'OutOfTime', timeoutMs: 1_000 });
    expect((await plan(names(2))).length).toBeGreaterThan(0);
  });

  it('that runs out of memory says so, and the next plan has another process', async () => {
    const planner = startPlanner({ heapMb: 60, longestMs: 60_000 });
    const plan = (document: string) => planner.plan(document, asked(document), forEver);
    expect((await plan(names(1))).length).toBeGreaterThan(0);
    const vast = `{ customer(id: "C1") { ${'name '.repeat(500_000)} } }`;
    await expect(plan(vast)).rejects.toMatchObject({ name: 'OutOfMemory', heapMb: 60 });
    expect(planner.isReady).toBe(false);
    expect((await plan(names(2))).length).toBeGreaterThan(0);
  });

  it('that cannot start is a clear error for each who asks', async () => {
    const planner = startPlanner({ supergraphSdl: 'no supergraph' });
    const plans = ['a', 'b'].map((key) => planner.plan(key, asked(names(1)), forEver));
    const lost = { status: 'rejected', reason: { code: 'PLANNER_LOST', status: 503 } };
    expect(await Promise.allSettled(plans)).toMatchObject([lost, lost]);
  });

  it('that is stopped gives up its plans, and starts no more', async () => {
    const planner = startPlanner();
    const plans = ['a', 'b'].map((key) => planner.plan(key, asked(names(300)), forEver));
    const outcomes = Promise.allSettled(plans);
    await planner.stop();
    const lost = { status: 'rejected', reason: { code: 'PLANNER_LOST' } };
    expect(await outcomes).toMatchObject([lost, lost]);
    await expect(planner.plan('c', asked(names(1)), forEver)).rejects.toMatchObject(lost.reason);
  });
});
