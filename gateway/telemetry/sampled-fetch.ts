import {
  SpanKind,
  SpanStatusCode,
  trace as api,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { StatementTrace } from '../../lake/engine.ts';
import type { Attempt, FetchTrace } from './request-trace.ts';
import { headersOf, type SpanMaker } from './span-maker.ts';
import { traceStatements } from './statement-spans.ts';

/** A fetch of a request whose spans are recorded. */
export class SampledFetch implements FetchTrace {
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

  get statements(): StatementTrace {
    return traceStatements(this.#spans, this.#context);
  }

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

  end(errors: number): void {
    if (errors > 0) {
      this.#span.setAttribute('tributary.fetch.errors', errors);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#spans.end(this.#span);
  }
}
