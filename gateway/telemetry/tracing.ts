import { SpanKind, trace as api, type Attributes, type Tracer } from '@opentelemetry/api';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../foundation/clock.ts';
import type { Environment } from '../../foundation/config/environment.ts';
import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
import { clientOf } from './client-name.ts';
import { knownMethod } from './request-meter.ts';
import type { RequestTrace } from './request-trace.ts';
import { SampledTrace } from './sampled-trace.ts';
import { contextIn, headersOf, SpanMaker } from './span-maker.ts';
import { UnsampledTrace } from './unsampled-trace.ts';

/** A request, before anything was done with it. */
export interface TracedRequest {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly clientAddress: string | undefined;
}

/** What became of spans. */
export interface SpanCounts {
  readonly ended: number;
  readonly sent: number;
  readonly failed: number;
}

/** Where spans go. */
export interface SpanSink {
  readonly tracer: Tracer;
  /** Of requests without a caller's trace, those that the tracer is asked about; from 0 to 1. */
  readonly share: number;
  readonly counts: SpanCounts;
  /** Sends what is left, within a few seconds. */
  readonly close: () => Promise<void>;
}

interface TracingOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  readonly clock: Clock;
}

const longestText = 500;

/** Traces requests; there is none where nobody asked for it, and then nothing of it is loaded. */
export class Tracing {
  readonly #sink: SpanSink;
  readonly #clock: Clock;
  readonly #tellsDocuments: boolean;

  private constructor(sink: SpanSink, { clock, config }: TracingOptions) {
    this.#sink = sink;
    this.#clock = clock;
    this.#tellsDocuments = config.telemetry.documents;
  }

  /**
   * Undefined where it is switched off.
   * @throws TRACE_PROTOCOL_UNKNOWN
   */
  static async open(options: TracingOptions): Promise<Tracing | undefined> {
    const isDisabled = options.environment['OTEL_SDK_DISABLED']?.toLowerCase() === 'true';
    if (!options.config.telemetry.traces || isDisabled) return undefined;
    const { openSpanSink } = await import('./span-sink.ts');
    return new Tracing(openSpanSink(options), options);
  }

  get counts(): SpanCounts {
    return this.#sink.counts;
  }

  /** Goes on with the trace that the caller's headers tell of, where they make sense. */
  begin(request: TracedRequest): RequestTrace {
    const { method, headers } = request;
    const hasParent = headers['traceparent'] !== undefined;
    if (!hasParent && Math.random() >= this.#sink.share) return new UnsampledTrace();
    const parent = contextIn(headers);
    const known = knownMethod(method);
    const spans = new SpanMaker(this.#sink.tracer, this.#clock);
    const server = spans.start(known, { kind: SpanKind.SERVER }, parent);
    if (!server.isRecording()) return new UnsampledTrace(headersOf(api.setSpan(parent, server)));
    server.setAttributes(attributesOf(request, known));
    const tellsDocuments = this.#tellsDocuments;
    return new SampledTrace({ spans, server, parent, method: known, tellsDocuments });
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}

function attributesOf(
  { id, path, headers, clientAddress }: TracedRequest,
  method: string,
): Attributes {
  const agent = headers['user-agent'];
  const client = clientOf(headers);
  return {
    'http.request.method': method,
    'url.path': path.slice(0, longestText),
    'tributary.request.id': id,
    ...(clientAddress !== undefined && { 'client.address': clientAddress }),
    ...(agent !== undefined && { 'user_agent.original': agent.slice(0, longestText) }),
    ...(client.name !== undefined && { 'tributary.client.name': client.name }),
    ...(client.version !== undefined && { 'tributary.client.version': client.version }),
  };
}
