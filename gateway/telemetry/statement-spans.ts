import { SpanKind, SpanStatusCode, type Context, type SpanContext } from '@opentelemetry/api';
import type { StatementRecord, StatementTrace } from '../../lake/engine.ts';
import type { SpanMaker } from './span-maker.ts';

/** A list of 256 keys has fewer characters than this. */
const longestText = 8_000;

/** By the statement that several requests share: the span of the first of them. */
const shared = new WeakMap<StatementRecord['statement'], SpanContext>();

/**
 * A span for each statement, when it is over. One that several requests share has a span in each of their traces,
 * since each of them waited for it; they are linked to the span of the first one, so that nobody takes them for several.
 */
export function traceStatements(spans: SpanMaker, parent: Context): StatementTrace {
  return { clock: spans.clock, add: (record) => addStatement(spans, parent, record) };
}

function addStatement(spans: SpanMaker, parent: Context, record: StatementRecord): void {
  const { statement, lane, rowsReturned, failure, askers, waitedMs, ranMs } = record;
  const endMs = spans.clock.monotonicMs();
  const first = shared.get(statement);
  const span = spans.start(
    'SELECT',
    {
      kind: SpanKind.CLIENT,
      startTime: spans.timeAt(endMs - ranMs - waitedMs),
      attributes: {
        'db.system.name': 'duckdb',
        'db.operation.name': 'SELECT',
        // What was asked for is bound, and no part of the text.
        'db.query.text': statement.text.slice(0, longestText),
        'tributary.lake.lane': lane,
        'tributary.lake.waited_ms': waitedMs,
        'tributary.lake.askers': askers,
        ...(rowsReturned !== undefined && { 'db.response.returned_rows': rowsReturned }),
        ...(failure !== undefined && { 'error.type': failure }),
      },
      ...(first !== undefined && { links: [{ context: first }] }),
    },
    parent,
  );
  if (askers > 1 && first === undefined) shared.set(statement, span.spanContext());
  if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(spans.timeAt(endMs));
}
