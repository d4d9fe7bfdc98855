import type { GraphQLFormattedError } from 'graphql';
import { expect } from 'vitest';
import type { GraphAnswer } from './ask-graph.ts';

/** Answers of the moment, which are others a moment later. */
const momentary = /\b(freshness|events|subscribers?|syncs?|runs|quarantined|sagas?|deadLetters)\b/i;

/**
 * Asks a question three times: the first time it is parsed and checked, the second time it is known, the third time its
 * answer may be. All three answers have to be the same. So whatever asks in this way tests each of these ways.
 */
export async function askEveryWay(
  query: string,
  headers: Readonly<Record<string, string>>,
  ask: () => Promise<GraphAnswer>,
): Promise<GraphAnswer> {
  const first = await ask();
  // How long it took is never the same.
  if ('x-tributary-explain' in headers) return first;
  if (/^\s*(mutation|subscription)\b/m.test(query) || momentary.test(query)) return first;
  for (const way of ['known', 'kept'])
    expect(comparable(await ask()), `asked once more, now ${way}: ${query}`).toEqual(
      comparable(first),
    );
  return first;
}

/** Each failure that nobody foresaw has an id of its own; those of fetches at once come in the order of their ends. */
function comparable({ errors, ...answer }: GraphAnswer): unknown {
  const texts = errors?.map((error) => JSON.stringify(withoutChance(error))).toSorted();
  const text = JSON.stringify({ ...answer, errors: texts });
  return JSON.parse(
    text.replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'an id'),
  );
}

/** Of fields that together have too many rows, the one is told whose rows come last. */
function withoutChance(error: GraphQLFormattedError): GraphQLFormattedError {
  if (error.extensions?.['code'] !== 'ANSWER_TOO_LARGE') return error;
  const { path: _, ...rest } = error;
  return rest;
}
