import type { FrontRequest } from '../http/route.ts';
import { parseJson } from '../../foundation/json-object.ts';

const streamType = 'text/event-stream';
const jsonTypes = ['application/json', 'application/graphql-response+json', 'application/*', '*/*'];

/** What a request that accepts a stream accepts besides. */
interface StreamAccept {
  /** Whether an operation that is no subscription may be answered with JSON. */
  readonly isJsonFine: boolean;
  /** The header as it is for an answer that is no stream. */
  readonly otherwise: string;
}

/** Undefined where the header does not name streams; that anything will do is not asking for one. */
export function readStreamAccept(accept = ''): StreamAccept | undefined {
  if (!/event-stream/i.test(accept)) return undefined;
  const ranges = accept.split(',').map((range) => range.trim());
  const typeOf = (range: string): string => (range.split(';')[0] ?? '').trim().toLowerCase();
  const isRefused = (range: string): boolean => /;\s*q=0(\.0*)?\s*(;|$)/i.test(range);
  if (!ranges.some((range) => typeOf(range) === streamType && !isRefused(range))) return undefined;
  const others = ranges.filter((range) => typeOf(range) !== streamType);
  const isJsonFine = others.some((range) => jsonTypes.includes(typeOf(range)));
  return { isJsonFine, otherwise: isJsonFine ? others.join(', ') : '*/*' };
}

/**
 * The same request by POST: Apollo Server takes nothing but queries by GET, and the `EventSource` of browsers sends
 * nothing else and no headers of ours. What a page of another origin may send was decided before.
 */
export function toPost(request: FrontRequest): FrontRequest {
  if (request.method !== 'GET') return request;
  const given = new URLSearchParams(request.search);
  const members: string[] = [];
  for (const name of ['query', 'documentId', 'operationName']) {
    const value = given.get(name);
    if (value !== null) members.push(`"${name}":${JSON.stringify(value)}`);
  }
  for (const name of ['variables', 'extensions']) {
    const json = given.get(name);
    if (json === null || json === '') continue;
    // Apollo Server says what is wrong with it.
    if (parseJson(json) === undefined) return request;
    members.push(`"${name}":${json}`);
  }
  return {
    ...request,
    method: 'POST',
    headers: { ...request.headers, 'content-type': 'application/json' },
    body: `{${members.join(',')}}`,
  };
}
