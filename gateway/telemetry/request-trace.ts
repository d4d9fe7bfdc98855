import {
  SpanKind,
  SpanStatusCode,
  trace as api,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { StatementTrace } from '../../lake/engine.ts';
import type { RequestFacts } from '../http/route.ts';
import { FetchTrace, headersOf } from './fetch-trace.ts';
import { traceStatements } from './statement-spans.ts';
import type { SpanMaker } from './span-maker.ts';

/** A stage of a request, until it ends. */
export interface Stage {
  /** @param error what it threw, if anything */
  readonly end: (error?: unknown) => void;
}

/** How a request ended, as far as its span tells. */
export interface TracedEnd {
  readonly route: string | undefined;
  readonly status: number;
  readonly isComplete: boolean;
  readonly facts: RequestFacts;
}

interface TraceParts {
  readonly spans: SpanMaker;
  /** The span of the request. */
  readonly server: Span;
  /** What the caller said of its own. */
  readonly parent: Context;
  readonly method: string;
  /** Whether the text of the operation is told. */
  readonly tellsDocuments: boolean;
}

/**
 * The spans of one request. They are handed on with the request, not found by what runs when: nothing has to watch
 * over every promise of the process. Of a request that is not sampled there is one span that is not recorded, which
 * is told to remote subgraphs all the same.
 */
export class RequestTrace {
  readonly tellsDocuments: boolean;
  readonly #method: string;
  readonly #spans: SpanMaker;
  readonly #server: Span;
  readonly #request: Context;
  /** Where fetches and statements belong now. */
  #current: Context;

  constructor({ spans, server, parent, method, tellsDocuments }: TraceParts) {
    this.#spans = spans;
    this.#server = server;
    this.#method = method;
    this.#request = api.setSpan(parent, server);
    this.#current = this.#request;
    this.tellsDocuments = tellsDocuments;
  }

  get traceId(): string {
    return this.#server.spanContext().traceId;
  }

  /** What tells others which span theirs belong to. */
  get headers(): Readonly<Record<string, string>> {
    return headersOf(this.#current);
  }

  /** A stage of the request. Undefined where the request is not sampled. */
  startStage(name: string, attributes?: Attributes): Stage | undefined {
    const span = this.#startStage(name, attributes);
    return span && { end: (error) => this.#endStage(span, error) };
  }

  /** The same for a stage that fetches belong to. */
  enterStage(name: string, attributes?: Attributes): Stage | undefined {
    const span = this.#startStage(name, attributes);
    if (span === undefined) return undefined;
    const outer = this.#current;
    this.#current = api.setSpan(this.#request, span);
    return {
      end: (error) => {
        this.#current = outer;
        this.#endStage(span, error);
      },
    };
  }

  /** A stage whose end is now, and whose beginning was before anybody knew of it. */
  addStage(name: string, startedMs: number, attributes: Attributes): void {
    if (!this.#server.isRecording()) return;
    const startTime = this.#spans.timeAt(startedMs);
    const span = this.#spans.start(name, { startTime, attributes }, this.#current);
    this.#spans.end(span);
  }

  startFetch(subgraph: string): FetchTrace {
    return new FetchTrace(this.#spans, subgraph, this.#current);
  }

  /** For statements that no fetch stands before. Undefined where the request is not sampled. */
  get statements(): StatementTrace | undefined {
    if (!this.#server.isRecording()) return undefined;
    return traceStatements(this.#spans, this.#current);
  }

  end({ route, status, isComplete, facts }: TracedEnd): void {
    const server = this.#server;
    if (server.isRecording()) {
      const { operation, way, cost, outcome, errorCodes = [] } = facts;
      if (route !== undefined) server.updateName(`${this.#method} ${route}`);
      const [error] = errorCodes;
      server.setAttributes({
        ...(route !== undefined && { 'http.route': route }),
        'http.response.status_code': status,
        ...(operation?.name !== undefined && { 'graphql.operation.name': operation.name }),
        ...(operation !== undefined && { 'graphql.operation.type': operation.type }),
        ...(way !== undefined && { 'tributary.answer.way': way }),
        ...(outcome !== undefined && { 'tributary.answer.outcome': outcome }),
        ...(cost !== undefined && { 'tributary.operation.cost': cost }),
        ...(error !== undefined && { 'error.type': error }),
        ...(!isComplete && { 'error.type': 'client_gone' }),
      });
      if (status >= 500) server.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#spans.end(server);
  }

  #startStage(name: string, attributes: Attributes = {}): Span | undefined {
    if (!this.#server.isRecording()) return undefined;
    return this.#spans.start(name, { kind: SpanKind.INTERNAL, attributes }, this.#request);
  }

  #endStage(span: Span, error: unknown): void {
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    this.#spans.end(span);
  }
}
