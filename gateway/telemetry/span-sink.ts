import { randomUUID } from 'node:crypto';
import { ExportResultCode } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Environment } from '../../foundation/config/environment.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { version } from '../../foundation/version.ts';
import { SpanSender } from './span-sender.ts';
import type { SpanSink } from './tracing.ts';

interface SinkOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
}

/** So long the last spans may take on their way, when the server stops. */
const closeMs = 3_000;

/**
 * OpenTelemetry's own SDK, which sends spans in the background: a bounded number of them waits, and what there is no
 * room for is dropped. It reads the variables that OpenTelemetry has for it.
 *
 * @throws TRACE_PROTOCOL_UNKNOWN
 */
export function openSpanSink({ config, environment, log }: SinkOptions): SpanSink {
  const counts = { ended: 0, sent: 0, failed: 0 };
  const sender = createSender(config, environment);
  const provider = new BasicTracerProvider({
    resource: resourceOf(),
    // Without a word about it, the SDK's own sampler does as the caller does, and takes what we ask it about.
    spanProcessors: [countEnded(counts), new BatchSpanProcessor(countSent(sender, counts, log))],
  });
  return {
    tracer: provider.getTracer('tributary', version()),
    // The environment's own sampler sees all.
    share: isSet(environment['OTEL_TRACES_SAMPLER']) ? 1 : config.telemetry.sampledPercent / 100,
    counts,
    async close() {
      const sent = provider.shutdown().catch(() => undefined);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, closeMs)));
      await Promise.race([sent, late]);
      clearTimeout(timer);
      await sender.shutdown();
    },
  };
}

/** @throws TRACE_PROTOCOL_UNKNOWN */
function createSender({ telemetry: { endpoint } }: Config, environment: Environment): SpanSender {
  const isInEnvironment =
    isSet(environment['OTEL_EXPORTER_OTLP_ENDPOINT']) ||
    isSet(environment['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']);
  const url = isInEnvironment ? undefined : endpoint;
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ?? environment['OTEL_EXPORTER_OTLP_PROTOCOL'];
  switch (protocol) {
    case undefined:
    case '':
      return new SpanSender('http/protobuf', url);
    case 'http/protobuf':
    case 'http/json':
      return new SpanSender(protocol, url);
    default:
      throw raise('TRACE_PROTOCOL_UNKNOWN', { protocol });
  }
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

function resourceOf() {
  const own = resourceFromAttributes({
    'service.name': 'tributary',
    'service.version': version(),
    'service.instance.id': randomUUID(),
  });
  const given = detectResources({ detectors: [envDetector] });
  return defaultResource().merge(own).merge(given);
}

interface Counts {
  ended: number;
  sent: number;
  failed: number;
}

function countEnded(counts: Counts): SpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: () => void counts.ended++,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
}

/** Logs when the collector takes no more, and when it takes some again. */
function countSent(exporter: SpanExporter, counts: Counts, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export(spans, tell) {
      exporter.export(spans, (result) => {
        const isSent = result.code === ExportResultCode.SUCCESS;
        counts[isSent ? 'sent' : 'failed'] += spans.length;
        if (!isSent && !isFailing) {
          log.warn({ err: result.error }, 'the collector does not take traces');
        } else if (isSent && isFailing) log.info('the collector takes traces again');
        isFailing = !isSent;
        tell(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => Promise.resolve(),
  };
}
