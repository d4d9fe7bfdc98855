import type { RequestMeter } from '../telemetry/request-meter.ts';
import type { Tracing } from '../telemetry/tracing.ts';

/** What sees what comes in. */
export interface FrontTelemetry {
  readonly meter: RequestMeter;
  /** Undefined where nothing is traced. */
  readonly tracing: Tracing | undefined;
}
