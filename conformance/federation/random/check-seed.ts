import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionResult } from 'graphql';
import { EarlyEnd } from '../../../foundation/early-end.ts';
import { loadConfig } from '../../../foundation/config/load-config.ts';
import { TributaryError } from '../../../foundation/errors/tributary-error.ts';
import { createLog } from '../../../foundation/log.ts';
import { buildRemoteGraph } from '../../../gateway/graph/build-graph.ts';
import type { Graph } from '../../../gateway/graph/graph.ts';
import { compose } from '../../../registry/compose.ts';
import { randomFrom, type Random } from '../../oracle/random.ts';
import { linkFederation, type FederationRequest } from '../../testing/federation-server.ts';
import { addContexts } from './random-contexts.ts';
import { randomGraph, type RandomGraph } from './random-graph.ts';
import { randomQuestion, type RandomQuestion } from './random-question.ts';
import { randomWorld } from './random-rows.ts';
import { randomSubgraph, wholeServer, type AnswerQuestion } from './random-servers.ts';
import { subgraphSdl } from './subgraph-sdl.ts';

export type SeedOutcome =
  /** The subgraphs of this seed do not make up a graph. */
  | { readonly kind: 'not composed' }
  | { readonly kind: 'right'; readonly questions: number }
  /** Some questions were refused, with these codes, and all others answered right. */
  | { readonly kind: 'refused'; readonly codes: readonly string[] }
  /** All that is needed to see what is wrong. */
  | { readonly kind: 'wrong'; readonly report: string };

/** What a gateway may say instead of an answer, when Apollo's planner finds none. */
const refusals = new Set([
  'FIELD_NEVER_COMPUTABLE',
  'QUESTION_UNPLANNABLE',
  'QUESTION_TOO_COMPLEX',
]);

/**
 * Makes up subgraphs, rows and questions from a seed, and compares what the gateway makes of the subgraphs, each behind
 * HTTP, with what one server says that has everything.
 */
export async function checkSeed(
  seed: number,
  questions: number,
  { hasContexts = false }: { readonly hasContexts?: boolean } = {},
): Promise<SeedOutcome> {
  const random = randomFrom(seed);
  const graph = randomGraph(random);
  if (hasContexts) addContexts(graph, random);
  const world = randomWorld(graph, random);
  const sdls = new Map(graph.subgraphs.map((name) => [name, subgraphSdl(graph, name)]));
  for (const [name, sdl] of sdls) if (sdl === '') sdls.delete(name);
  const answers = new Map<string, AnswerQuestion>();
  const server = await serveAll(answers);
  let gateway: Graph | undefined;
  try {
    const supergraphSdl = composed(sdls, server.url);
    if (supergraphSdl === undefined) return { kind: 'not composed' };
    for (const name of sdls.keys()) answers.set(name, randomSubgraph(graph, world, name));
    const config = loadConfig({
      projectDirectory: import.meta.dirname,
      environment: {},
      flags: {},
    });
    const log = createLog({ level: 'silent' });
    gateway = await buildRemoteGraph(supergraphSdl, { config, log });
    return await compareAnswers({
      seed,
      sdls,
      graph,
      random,
      questions,
      gateway,
      whole: wholeServer(graph, world),
    });
  } finally {
    await gateway?.stop();
    await server.close();
  }
}

interface Comparison {
  readonly seed: number;
  readonly sdls: ReadonlyMap<string, string>;
  readonly graph: RandomGraph;
  readonly random: Random;
  readonly questions: number;
  readonly gateway: Graph;
  readonly whole: ReturnType<typeof wholeServer>;
}

async function compareAnswers(comparison: Comparison): Promise<SeedOutcome> {
  const { random, questions, gateway, whole } = comparison;
  const codes: string[] = [];
  for (let count = 0; count < questions; count += 1) {
    const question = randomQuestion(whole.schema, random, count % 2 === 0 ? '' : 'Asked');
    const expected = await whole.answer(question.query, question.variables);
    const actual = await ask(gateway, question);
    const code = String(actual.errors?.[0]?.extensions?.['code']);
    if (refusals.has(code)) codes.push(code);
    else if (!isSame(actual, JSON.parse(JSON.stringify(expected)) as ExecutionResult)) {
      return { kind: 'wrong', report: reportOf(comparison, question, expected, actual) };
    }
  }
  return codes.length > 0 ? { kind: 'refused', codes } : { kind: 'right', questions };
}

/** The order of errors and of what stands in them is free; that of the fields of the data is not. */
function isSame(actual: ExecutionResult, expected: ExecutionResult): boolean {
  if (!isDeepStrictEqual(actual, expected)) return false;
  return JSON.stringify(actual.data) === JSON.stringify(expected.data);
}

function reportOf(
  { seed, sdls }: Comparison,
  { query, variables }: RandomQuestion,
  expected: ExecutionResult,
  actual: ExecutionResult,
): string {
  return [
    `Seed ${seed}`,
    ...[...sdls].map(([name, sdl]) => `# subgraph ${name}\n${sdl}`),
    `# question\n${query}\n# variables ${JSON.stringify(variables)}`,
    `# one server answers\n${JSON.stringify(expected)}`,
    `# the gateway answers\n${JSON.stringify(actual)}`,
  ].join('\n\n');
}

async function ask(gateway: Graph, question: RandomQuestion): Promise<ExecutionResult> {
  const { body } = await gateway.answer({
    id: '1',
    method: 'POST',
    path: '/graphql',
    search: '',
    headers: { 'content-type': 'application/json' },
    caller: { kind: 'anonymous' },
    signal: new EarlyEnd(),
    body: JSON.stringify(question),
  });
  return JSON.parse(String(body)) as ExecutionResult;
}

function composed(sdls: ReadonlyMap<string, string>, url: string): string | undefined {
  try {
    const subgraphs = [...sdls].map(([name, sdl]) => {
      return { name, url: `${url}/${name}`, sdl: linkFederation(sdl) };
    });
    return compose({ subgraphs }).supergraphSdl;
  } catch (error) {
    if (error instanceof TributaryError) return undefined;
    throw error;
  }
}

/** One server for all subgraphs, each at a path of its own. */
async function serveAll(answers: ReadonlyMap<string, AnswerQuestion>) {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
      const { query, variables, operationName } = JSON.parse(text) as FederationRequest;
      const answerQuestion = answers.get(String(request.url).slice(1));
      const result = await answerQuestion?.(query, variables, operationName);
      // A code says that readers may have the message.
      const errors = result?.errors?.map((error) => {
        return { ...error.toJSON(), extensions: { code: 'SUBGRAPH_MISASKED' } };
      });
      const body = JSON.stringify({ data: result?.data, ...(errors && { errors }) });
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
