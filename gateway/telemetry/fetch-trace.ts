import {
  defaultTextMapSetter,
  SpanKind,
  SpanStatusCode,
  trace as api,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { StatementTrace } from '../../lake/engine.ts';
import type { SpanMaker } from './span-maker.ts';
import { isSampled, traceStatements } from './statement-spans.ts';

const propagator = new W3CTraceContextPropagator();

/** One try to get an answer of a remote subgraph. */
export interface Attempt {
  /** What tells the subgraph which span its own belong to. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param status undefined where none came */
  readonly end: (status: number | undefined, error?: string) => void;
}

/** The spans of one fetch from a subgraph, local or remote. */
export class FetchTrace {
  readonly #spans: SpanMaker;
  readonly #subgraph: string;
  readonly #span: Span;
  readonly #context: Context;
  #attempts = 0;

  constructor(spans: SpanMaker, subgraph: string, parent: Context) {
    this.#spans = spans;
    this.#subgraph = subgraph;
    const attributes = { 'tributary.subgraph.name': subgraph };
    this.#span = spans.start(`fetch ${subgraph}`, { kind: SpanKind.INTERNAL, attributes }, parent);
    this.#context = api.setSpan(parent, this.#span);
  }

  get headers(): Readonly<Record<string, string>> {
    return headersOf(this.#context);
  }

  /** Undefined where the request is not sampled. */
  get statements(): StatementTrace | undefined {
    return isSampled(this.#context) ? traceStatements(this.#spans, this.#context) : undefined;
  }

  /** The answer is that to the request of another fetch. */
  noteShared(): void {
    this.#span.setAttribute('tributary.fetch.shared', true);
  }

  startAttempt(url: URL): Attempt {
    const again = this.#attempts++;
    const attributes: Attributes = {
      'http.request.method': 'POST',
      'url.full': url.origin + url.pathname,
      'server.address': url.hostname,
      'server.port': Number(url.port || (url.protocol === 'https:' ? 443 : 80)),
      'tributary.subgraph.name': this.#subgraph,
      ...(again > 0 && { 'http.request.resend_count': again }),
    };
    const span = this.#spans.start('POST', { kind: SpanKind.CLIENT, attributes }, this.#context);
    return {
      headers: headersOf(api.setSpan(this.#context, span)),
      end: (status, error) => {
        if (status !== undefined) span.setAttribute('http.response.status_code', status);
        if (error !== undefined) span.setAttribute('error.type', error);
        const isFailed = error !== undefined || (status !== undefined && status >= 400);
        if (isFailed) span.setStatus({ code: SpanStatusCode.ERROR });
        this.#spans.end(span);
      },
    };
  }

  /** @param errors in the answer, or why there is none */
  end(errors: number): void {
    if (errors > 0) {
      this.#span.setAttribute('tributary.fetch.errors', errors);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#spans.end(this.#span);
  }
}

/** The W3C headers of a span. */
export function headersOf(context: Context): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
}
