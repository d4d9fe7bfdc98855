import { z } from 'zod';

export const telemetry = z
  .strictObject({
    traces: z
      .boolean()
      .default(false)
      .describe(
        'Whether traces are sent to an OpenTelemetry collector. The variables that OpenTelemetry has for it ' +
          '(OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER and others) count as well.',
      ),
    endpoint: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'Where traces are sent, by OTLP over HTTP, such as http://localhost:4318/v1/traces, which is the default; ' +
          'OTEL_EXPORTER_OTLP_ENDPOINT goes before it.',
      ),
    sampledPercent: z
      .int()
      .min(0)
      .max(100)
      .default(100)
      .describe(
        'Share of the requests that are traced, of those whose caller did not decide it; OTEL_TRACES_SAMPLER goes before it.',
      ),
    documents: z
      .boolean()
      .default(false)
      .describe('Whether traces tell the texts of operations, which may hold personal data.'),
  })
  .prefault({})
  .describe('What others may see of the server at work. Metrics are always at /metrics.');
