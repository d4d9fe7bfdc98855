import type { CatalogueEntry } from './catalogue-entry.ts';

/** About what the server tells of itself. */
export const telemetryErrors = {
  TRACE_PROTOCOL_UNKNOWN: {
    audience: 'operator',
    status: 500,
    message: 'Traces cannot be sent by "{protocol}", as OTEL_EXPORTER_OTLP_PROTOCOL says.',
    hint: 'Set it to http/protobuf or http/json, and the endpoint to where the collector takes these; its usual port is 4318. Or switch traces off with telemetry.traces: false.',
  },
} as const satisfies Record<string, CatalogueEntry>;
