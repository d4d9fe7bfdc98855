import { buildSchema } from 'graphql';
import { expect, it, onTestFinished } from 'vitest';
import { startReviews } from '../../conformance/testing/reviews-subgraph.ts';
import { ExactNumbers } from '../../wire/exact-numbers.ts';
import { JsonTexts } from '../../wire/json-text.ts';
import { RemoteSubgraphs } from '../remote/remote-subgraphs.ts';
import { silentLog, subgraphSettings } from '../remote/testing/remote-fixtures.ts';
import { AnswerSoFar } from './answer-so-far.ts';
import type { SubgraphAnswer } from './guarded-source.ts';
import { RequestCost } from '../request/request-cost.ts';
import { remoteSource } from './remote-source.ts';

const schema = buildSchema('type Query { a: String } type Mutation { a: String }');

async function startSource(settings: unknown = {}) {
  const server = await startReviews();
  const config = subgraphSettings(settings);
  const remotes = new RemoteSubgraphs({ config, environment: {}, log: silentLog });
  onTestFinished(async () => {
    await remotes.close();
    await server.close();
  });
  const remote = remotes.at('reviews', server.url);
  const source = remoteSource({ subgraph: 'reviews', remote, schema: () => schema });
  const ask = (query: string, headers: Readonly<Record<string, string>> = {}) => {
    const { signal } = new AbortController();
    const context = {
      requestId: '1',
      caller: { kind: 'anonymous' as const },
      headers,
      wire: { decimals: 'number' as const },
      signal,
      clientAddress: undefined,
      cost: new RequestCost(false, undefined),
      answerSoFar: new AnswerSoFar(),
      jsonTexts: new JsonTexts(),
      exactNumbers: new ExactNumbers(),
    };
    return source({ query, operationName: undefined, variables: {}, context, signal });
  };
  return { server, remote, ask };
}

it('reads no more of an answer than it may have', async () => {
  const { server, ask } = await startSource({ maxAnswerBytes: 1_000_000 });
  server.behave((_, response) => {
    const pour = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', pour);
    };
    pour();
  });
  await expect(ask('{ a }')).rejects.toMatchObject({ code: 'SUBGRAPH_ANSWER_TOO_LARGE' });
  await server.received[0]?.hungUp;
});

it('gives those who share a request answers that do not get in the way of each other', async () => {
  const { server, ask } = await startSource();
  let answer: () => void = () => undefined;
  const isAnswered = new Promise<void>((resolve) => (answer = resolve));
  server.behave(async (_, response) => {
    await isAnswered;
    response.end('{"data":{"a":"x"}}');
  });
  const asked = [ask('{ a }'), ask('{ a }')];
  answer();
  const [one, other] = (await Promise.all(asked)) as [SubgraphAnswer, SubgraphAnswer];
  expect(one).toEqual({ data: { a: 'x' }, errors: [] });
  expect(other).toEqual(one);
  expect(other.data).not.toBe(one.data);
  expect(server.received).toHaveLength(1);
});

it.each([
  ['{ a }', 3],
  ['query Q { a }', 3],
  ['mutation { a }', 1],
  ['mutation M { a }', 1],
  ['fragment F on Mutation { a } mutation { ...F }', 1],
])('asks %j %i times of a subgraph that is not available', async (query, times) => {
  const { server, ask } = await startSource({ retries: { firstDelayMs: 1 } });
  server.behave((_, response) => void response.writeHead(503).end());
  await expect(ask(query)).rejects.toMatchObject({ code: 'SUBGRAPH_ANSWER_INVALID' });
  expect(server.received).toHaveLength(times);
});

it('passes on the headers that the rules name', async () => {
  const { server, ask } = await startSource({ headers: [{ propagate: 'x-tenant' }] });
  server.behave((_, response) => void response.end('{"data":{"a":"x"}}'));
  await ask('{ a }', { 'x-tenant': 'north', authorization: 'secret' });
  expect(server.received[0]?.headers).toMatchObject({ 'x-tenant': 'north', 'x-request-id': '1' });
  expect(server.received[0]?.headers).not.toHaveProperty('authorization');
});
