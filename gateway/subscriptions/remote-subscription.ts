import type { GraphQLSchema } from 'graphql';
import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { SubgraphAnswer } from '../fetch/guarded-source.ts';
import { decimalsHeader } from '../graph/request-context.ts';
import type { FrontRequest } from '../http/route.ts';
import type { RootEvent } from './event-source.ts';
import type { RootFetch } from './root-fetch.ts';
import { readForeignError } from '../fetch/foreign-error.ts';
import { isJsonObject } from '../../foundation/json-object.ts';

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
  /** For all that goes to and fro. */
  readonly exactNumbers: ExactNumbers;
}

/** A subscription that stands, or what the subgraph or the way to it had against it. */
export type RemoteOpened =
  | { readonly kind: 'opened'; readonly events: AsyncIterator<RootEvent> }
  | {
      readonly kind: 'failed';
      readonly errors: SubgraphAnswer['errors'];
      readonly isOfCaller: boolean;
    };

/** An event larger than this is no event but an accident. */
export const maximumEventBytes = 16 * 1024 * 1024;

/** What the subgraph is told of the request, as by every fetch. */
export function subscriptionHeaders({ id, headers, trace }: FrontRequest): Record<string, string> {
  const decimals = headers[decimalsHeader];
  return {
    'x-request-id': id,
    ...trace?.headers,
    ...(typeof decimals === 'string' && { [decimalsHeader]: decimals }),
  };
}

/** As an error that a subgraph may have sent, which says to callers what became of it. */
export function lost(subgraph: string, problem: string) {
  const { message, extensions } = raise('SUBSCRIPTION_LOST', { subgraph, problem });
  return { message, extensions: { ...extensions } };
}

/**
 * Reads a GraphQL result that somebody else made; undefined for what is none. One that never was executed has no data:
 * https://spec.graphql.org/September2025/#sec-Response-Format
 */
export function readResult(value: unknown): SubgraphAnswer | undefined {
  if (!isJsonObject(value)) return undefined;
  const { data, errors } = value;
  const read = Array.isArray(errors) ? errors.map(readForeignError) : [];
  if (isJsonObject(data) || data === null) return { data, errors: read };
  return read.length > 0 ? { errors: read } : undefined;
}
