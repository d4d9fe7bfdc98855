import type { IncomingHttpHeaders } from 'node:http';
import type { Caller } from '../../access/caller.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request as a route's handler sees it: every stage before it has passed. */
export interface FrontRequest {
  /** Stands in the log and in the answer's `x-request-id`. */
  readonly id: string;
  /** HEAD is handled as GET; the front leaves the body out. */
  readonly method: HttpMethod;
  /** As sent, not decoded: a handler that maps it to files has to mind `..` and `%2e` itself. */
  readonly path: string;
  /** With its `?`; empty when there is none. */
  readonly search: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly body: string;
  readonly caller: Caller;
  /** Aborted when the client hangs up or `server.requestTimeoutMs` has passed before the answer started. */
  readonly signal: AbortSignal;
}

export interface FrontResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces are written one after the other. A stream is written as it comes, and ends when the signal is aborted. */
  readonly body: string | Uint8Array | readonly Uint8Array[] | AsyncIterable<string>;
}

/** What a handler answers. It may throw a TributaryError, which becomes the answer; any other error is masked. */
export type RouteHandler = (request: FrontRequest) => FrontResponse | Promise<FrontResponse>;

interface RouteBasis {
  readonly method: HttpMethod;
  /** `callers` (the default): every known caller. `routers`: federation routers too. `anyone`: nobody is asked. */
  readonly admits?: 'callers' | 'routers' | 'anyone';
  readonly handle: RouteHandler;
}

/** An exact path, or every path that begins with `prefix`, which ends with a slash. The longest match wins. */
export type Route = RouteBasis & ({ readonly path: string } | { readonly prefix: string });
