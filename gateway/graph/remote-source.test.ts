import { buildSchema } from 'graphql';
import { expect, it, onTestFinished } from 'vitest';
import { startReviews } from '../../conformance/testing/reviews-subgraph.ts';
import { AnswerSoFar } from './answer-so-far.ts';
import { JsonTexts } from '../../wire/json-text.ts';
import { RequestCost } from './request-cost.ts';
import { remoteSource } from './remote-source.ts';

const schema = buildSchema('type Query { a: String }');

it('reads no more of an answer than it may have', async () => {
  const server = await startReviews();
  onTestFinished(() => server.close());
  server.behave((_, response) => {
    const pour = (): void => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', pour);
    };
    pour();
  });
  const ask = remoteSource({
    subgraph: 'reviews',
    url: server.url,
    schema: () => schema,
    maximumAnswerBytes: 1_000_000,
  });
  const { signal } = new AbortController();
  const context = {
    requestId: '1',
    caller: { kind: 'anonymous' as const },
    wire: { decimals: 'number' as const },
    signal,
    clientAddress: undefined,
    cost: new RequestCost(false, undefined),
    answerSoFar: new AnswerSoFar(),
    jsonTexts: new JsonTexts(),
  };
  await expect(
    ask({ query: '{ a }', operationName: undefined, variables: {}, context, signal }),
  ).rejects.toMatchObject({ code: 'SUBGRAPH_ANSWER_TOO_LARGE' });
  await server.received[0]?.hungUp;
});

it('refuses an address that is none', () => {
  for (const url of ['', 'reviews', 'ftp://example.com/', 'file:///etc/passwd']) {
    expect(() => remoteSource({ subgraph: 'reviews', url, schema: () => schema })).toThrow(
      /cannot be called at/,
    );
  }
});
