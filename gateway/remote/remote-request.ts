import type { Caller } from '../../access/caller.ts';
import type { FetchTrace } from '../telemetry/request-trace.ts';
import type { JsonObject } from '../../foundation/json-object.ts';

/** A GraphQL request to a remote subgraph, ready to be sent. */
export interface RemoteRequest {
  /** JSON, as GraphQL over HTTP has it. */
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it only reads, so that asking twice does no harm. */
  readonly isQuery: boolean;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** When its time is up, on the monotonic clock. */
  readonly deadlineMs: number;
  /** The fetch that it is for; not there where nothing is traced. */
  readonly trace?: FetchTrace | undefined;
}

/** What came back, whatever its status. */
export interface RemoteResponse {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly text: string;
  /** Undefined for what is no JSON object. An object of one's own with every call. */
  readonly takeJson: () => JsonObject | undefined;
  /** Whether it is a GraphQL response at all. */
  readonly isGraphql: boolean;
}

/** Sends a request and waits for the whole answer. Stages wrap one another by this type. */
export type Send = (request: RemoteRequest) => Promise<RemoteResponse>;
