import type { GraphQLSchema } from 'graphql';
import type { SubgraphAnswer } from '../graph/guarded-source.ts';
import { decimalsHeader } from '../graph/request-context.ts';
import type { FrontRequest } from '../http/route.ts';
import type { RootEvent } from './event-source.ts';
import type { RootFetch } from './root-fetch.ts';

/** A subgraph that somebody else serves, as far as subscribing to it goes. */
export interface RemoteOwner {
  readonly subgraph: string;
  /** `http` and `https` mean server-sent events, `ws` and `wss` graphql-ws. */
  readonly url: string;
  /** The supergraph, which says what an event may look like. */
  readonly schema: () => GraphQLSchema;
  /** Longest time until the subscription stands. */
  readonly timeoutMs: number;
  /** How often a silent connection is tried. */
  readonly heartbeatMs: number;
}

export interface RemoteOptions {
  readonly root: RootFetch;
  readonly request: FrontRequest;
  readonly signal: AbortSignal;
}

/** A subscription that stands, or what the subgraph or the way to it had against it. */
export type RemoteOpened =
  | { readonly kind: 'opened'; readonly events: AsyncIterator<RootEvent> }
  | { readonly kind: 'failed'; readonly answer: SubgraphAnswer; readonly isOfCaller: boolean };

/** An event larger than this is no event but an accident. */
export const maximumEventBytes = 16 * 1024 * 1024;

/** What the subgraph is told of the request, as by every fetch. */
export function subscriptionHeaders({ id, headers }: FrontRequest): Record<string, string> {
  const decimals = headers[decimalsHeader];
  return {
    'x-request-id': id,
    ...(typeof decimals === 'string' && { [decimalsHeader]: decimals }),
  };
}

export function payloadOf({ query, operationName, variables }: RootFetch) {
  return { query, variables, ...(operationName === undefined ? {} : { operationName }) };
}

/** Reads a GraphQL result that somebody else made; undefined for what is none. */
export function readResult(value: unknown): SubgraphAnswer | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { data, errors } = value as { readonly data?: unknown; readonly errors?: unknown };
  const isData = typeof data === 'object' && !Array.isArray(data);
  const read = Array.isArray(errors) ? errors.map(readError) : [];
  if (!isData && read.length === 0) return undefined;
  return { data: (isData ? data : null) as Record<string, unknown> | null, errors: read };
}

function readError(error: unknown): NonNullable<SubgraphAnswer['errors']>[number] {
  const { message, path, extensions } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Record<string, unknown>;
  return {
    message: typeof message === 'string' ? message : 'An error without a message.',
    ...(Array.isArray(path) && { path: path as (string | number)[] }),
    ...(typeof extensions === 'object' &&
      extensions !== null && { extensions: extensions as Record<string, unknown> }),
  };
}
