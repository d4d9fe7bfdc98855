import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Caller } from '../../access/caller.ts';
import type { EndSignal } from '../../foundation/early-end.ts';
import type { RequestTrace } from '../telemetry/request-trace.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The operation that a request asks for. */
export interface OperationFacts {
  readonly name: string | undefined;
  readonly type: 'query' | 'mutation' | 'subscription';
}

/** What only the handler of a request knows of it, and log, metrics and traces tell. */
export interface RequestFacts {
  readonly operation?: OperationFacts | undefined;
  /** How its answer came about: it was kept, its operation was known, or all was done that there is to do. */
  readonly way?: 'kept' | 'known' | 'whole' | undefined;
  /** `partial` has errors beside its data, `failure` has errors alone. */
  readonly outcome?: 'success' | 'partial' | 'failure' | undefined;
  /** Codes of the errors in the answer, each once. */
  readonly errorCodes?: readonly string[] | undefined;
  /** The estimated cost of an operation. */
  readonly cost?: number | undefined;
}

/** A request as a route's handler sees it, but for its body: every stage before it has passed. */
interface RequestBasis {
  /** Stands in the log and in the answer's `x-request-id`. */
  readonly id: string;
  /** HEAD is handled as GET; the front leaves the body out. */
  readonly method: HttpMethod;
  /** As sent, not decoded: a handler that maps it to files has to mind `..` and `%2e` itself. */
  readonly path: string;
  /** With its `?`; empty when there is none. */
  readonly search: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly caller: Caller;
  /** Address of the client, as far as it can be believed behind proxies. */
  readonly clientAddress?: string | undefined;
  /** Adds to what log, metrics and traces tell of the request. */
  readonly noteFacts?: ((facts: RequestFacts) => void) | undefined;
  /** Not there where nothing is traced. */
  readonly trace?: RequestTrace | undefined;
  /** Aborted when the client hangs up or `server.requestTimeoutMs` has passed before the answer started. */
  readonly signal: EndSignal;
  /**
   * Asks for leave to answer with a stream that has no end of its own. The signal is aborted when it has to end:
   * when the client hangs up, the server is told to stop, or the answer is over for another reason. Not there where
   * nobody reads streams.
   * @throws STREAMS_EXHAUSTED
   */
  readonly openStream?: (() => AbortSignal) | undefined;
}

export interface RequestOf<Body> extends RequestBasis {
  readonly body: Body;
}

export type FrontRequest = RequestOf<string>;

/** A request whose body is read as it comes. Its errors are errors of the catalogue. */
export type StreamedRequest = RequestOf<Readable>;

export interface FrontResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces are written one after the other. A stream is written as it comes, and ends when the signal is aborted. */
  readonly body: string | Uint8Array | readonly Uint8Array[] | AsyncIterable<string>;
}

/** What a handler answers. It may throw a TributaryError, which becomes the answer; any other error is masked. */
export type RouteHandler = (request: FrontRequest) => FrontResponse | Promise<FrontResponse>;

export type StreamedRouteHandler = (request: StreamedRequest) => Promise<FrontResponse>;

interface RouteBasis {
  readonly method: HttpMethod;
  /** `callers` (the default): every known caller. `routers`: federation routers too. `anyone`: nobody is asked. */
  readonly admits?: 'callers' | 'routers' | 'anyone';
  /** Whether requests that a page of another site may have made blindly are refused, see `cross-site.ts`. */
  readonly isClosedToOtherSites?: boolean;
}

/** An exact path, or every path that begins with `prefix`, which ends with a slash. The longest match wins. */
type Place = { readonly path: string } | { readonly prefix: string };

/** How the body is taken: as a text within `server.maxBodyBytes` and `server.requestTimeoutMs`, or as it comes. */
type Taking =
  | { readonly takes?: 'text'; readonly handle: RouteHandler }
  | {
      readonly takes: 'stream';
      readonly limits: StreamedBodyLimits;
      readonly handle: StreamedRouteHandler;
    };

export interface StreamedBodyLimits {
  /** Most bytes, after they were unpacked. */
  readonly maxBytes: number;
  /** How many times what was sent it may unpack to, beyond its first MiB. */
  readonly maxRatio: number;
  /** Longest wait for the next bytes. */
  readonly idleTimeoutMs: number;
}

export type Route = RouteBasis & Place & Taking;
