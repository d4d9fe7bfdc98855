import type { Clock } from '../../foundation/clock.ts';
import type { Environment } from '../../foundation/config/environment.ts';
import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
import { GraphMeter } from './graph-meter.ts';
import { processMetrics } from './process-metrics.ts';
import { RequestMeter } from './request-meter.ts';
import { Tracing } from './tracing.ts';

interface TelemetryOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly log: Log;
  readonly clock: Clock;
}

/** What sees a server at work. It outlives graphs. */
export interface Telemetry {
  readonly requests: RequestMeter;
  readonly graphs: GraphMeter;
  /** Undefined where nothing is traced. */
  readonly tracing: Tracing | undefined;
}

/** @throws TRACE_PROTOCOL_UNKNOWN */
export async function openTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  // What it counts of the process it counts from now on.
  processMetrics();
  return {
    requests: new RequestMeter(options.clock),
    graphs: new GraphMeter(),
    tracing: await Tracing.open(options),
  };
}
