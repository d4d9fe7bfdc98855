import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../foundation/clock.ts';

/**
 * Makes the spans of one request. All their times are of the monotonic clock, set to the wall clock once: so none
 * begins before its parent, whatever happens to the wall clock meanwhile.
 */
export class SpanMaker {
  readonly #tracer: Tracer;
  readonly #clock: Clock;
  readonly #epochMs: number;

  constructor(tracer: Tracer, clock: Clock) {
    this.#tracer = tracer;
    this.#clock = clock;
    this.#epochMs = clock.now().getTime() - clock.monotonicMs();
  }

  get clock(): Clock {
    return this.#clock;
  }

  /** @param monotonicMs by the clock */
  timeAt(monotonicMs: number): number {
    return this.#epochMs + monotonicMs;
  }

  start(name: string, options: SpanOptions, parent: Context): Span {
    const startTime = options.startTime ?? this.timeAt(this.#clock.monotonicMs());
    return this.#tracer.startSpan(name, { ...options, startTime }, parent);
  }

  end(span: Span): void {
    span.end(this.timeAt(this.#clock.monotonicMs()));
  }
}

const propagator = new W3CTraceContextPropagator();

/** What a caller's W3C headers tell of its span; the root where they make no sense. */
export function contextIn(headers: Readonly<IncomingHttpHeaders>): Context {
  return propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
}

/** The W3C headers of a span. */
export function headersOf(context: Context): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  propagator.inject(context, headers, defaultTextMapSetter);
  return headers;
}
