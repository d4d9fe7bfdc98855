import {
  SpanKind,
  SpanStatusCode,
  trace as api,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { StatementTrace } from '../../lake/engine.ts';
import type { RequestTrace, Stage, TracedEnd } from './request-trace.ts';
import { SampledFetch } from './sampled-fetch.ts';
import { headersOf, type SpanMaker } from './span-maker.ts';
import { traceStatements } from './statement-spans.ts';

interface TraceParts {
  readonly spans: SpanMaker;
  /** The span of the request. */
  readonly server: Span;
  /** What the caller said of its own. */
  readonly parent: Context;
  readonly method: string;
  readonly tellsDocuments: boolean;
}

/** A request whose spans are recorded. */
export class SampledTrace implements RequestTrace {
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

  get headers(): Readonly<Record<string, string>> {
    return headersOf(this.#current);
  }

  get statements(): StatementTrace {
    return traceStatements(this.#spans, this.#current);
  }

  startStage(name: string): Stage {
    const span = this.#startStage(name);
    return { end: (error) => this.#endStage(span, error) };
  }

  enterStage(name: string, attributes?: Attributes): Stage {
    const span = this.#startStage(name, attributes);
    const outer = this.#current;
    this.#current = api.setSpan(this.#request, span);
    return {
      end: (error) => {
        this.#current = outer;
        this.#endStage(span, error);
      },
    };
  }

  addStage(name: string, startedMs: number, attributes: Attributes): void {
    const startTime = this.#spans.timeAt(startedMs);
    this.#spans.end(this.#spans.start(name, { startTime, attributes }, this.#current));
  }

  startFetch(subgraph: string): SampledFetch {
    return new SampledFetch(this.#spans, subgraph, this.#current);
  }

  end({ route, status, isComplete, facts }: TracedEnd): void {
    const server = this.#server;
    const { operation, way, cost, outcome, errorCodes = [] } = facts;
    if (route !== undefined) server.updateName(`${this.#method} ${route}`);
    const [error] = isComplete ? errorCodes : ['client_gone'];
    server.setAttributes({
      ...(route !== undefined && { 'http.route': route }),
      'http.response.status_code': status,
      ...(operation?.name !== undefined && { 'graphql.operation.name': operation.name }),
      ...(operation !== undefined && { 'graphql.operation.type': operation.type }),
      ...(way !== undefined && { 'tributary.answer.way': way }),
      ...(outcome !== undefined && { 'tributary.answer.outcome': outcome }),
      ...(cost !== undefined && { 'tributary.operation.cost': cost }),
      ...(error !== undefined && { 'error.type': error }),
    });
    if (status >= 500) server.setStatus({ code: SpanStatusCode.ERROR });
    this.#spans.end(server);
  }

  #startStage(name: string, attributes: Attributes = {}): Span {
    return this.#spans.start(name, { kind: SpanKind.INTERNAL, attributes }, this.#request);
  }

  #endStage(span: Span, error: unknown): void {
    if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    this.#spans.end(span);
  }
}
