import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';

const json = 'application/json; charset=utf-8';
const graphqlJson = 'application/graphql-response+json; charset=utf-8';

export type AnswerMediaType = typeof json | typeof graphqlJson;

/** What a client of one kind sends is always the same. */
const known = new LRUCache<string, AnswerMediaType | 'another'>({ max: 100 });
const longestKept = 500;

/**
 * The media type of a whole answer, as Apollo Server chooses it. Undefined where the client would rather have
 * something else, such as a page.
 */
export function answerMediaType(accept: string | undefined): AnswerMediaType | undefined {
  if (accept === undefined || accept === '') return json;
  let type = known.get(accept);
  if (type === undefined) {
    type = choose(accept);
    if (accept.length <= longestKept) known.set(accept, type);
  }
  return type === 'another' ? undefined : type;
}

function choose(accept: string): AnswerMediaType | 'another' {
  const found = new Negotiator({ headers: { accept } }).mediaType([json, graphqlJson, 'text/html']);
  return found === json || found === graphqlJson ? found : 'another';
}
