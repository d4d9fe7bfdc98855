import type { MetricPage } from '../../foundation/metrics/metric-page.ts';
import {
  operationOutcomes,
  operationTypes,
  operationWays,
  placeOf,
  type RequestMeter,
} from './request-meter.ts';

/** No name that GraphQL knows looks like it. */
const unnamed = '(unnamed)';

/** How the catalogue calls what somebody had too much of. */
const limitCode =
  /^(RATE_LIMITED|TOO_MANY_GROUPS|LIST_SIZE_NOT_GIVEN|\w+_(EXCEEDED|EXHAUSTED|TIMEOUT|TOO_(LARGE|LONG|DEEP|WIDE|MANY|NESTED|COMPLEX)))$/;

/** Requests, and the operations that they asked for. */
export function addRequestMetrics(page: MetricPage, meter: RequestMeter): void {
  const requests = page.histogram(
    'http_server_request_duration_seconds',
    'Requests by route and status, until their answers were sent.',
  );
  for (const { method, route, status, durations } of meter.http) {
    const where = { http_request_method: method, http_route: route };
    requests({ ...where, http_response_status_code: String(status) }, durations);
  }
  page.gauge('http_server_active_requests', 'Requests under way.')({}, meter.active);
  addOperations(page, meter);
  addErrors(page, meter);
}

function addOperations(page: MetricPage, { names, durations }: RequestMeter): void {
  const name = ['graphql_operation_name'];
  const operations = page.counter(
    'tributary_graphql_operations_total',
    'Operations by name, type, way of the answer (kept, known, whole) and outcome.',
    [...name, 'graphql_operation_type', 'way', 'outcome'],
  );
  const seconds = page.counter(
    'tributary_graphql_operation_seconds_total',
    'Time until answers were sent, all operations of the name together; without subscriptions.',
    name,
  );
  const cost = page.counter(
    'tributary_graphql_operation_cost_total',
    'Estimated cost, all operations of the name together; answers that were kept are not counted.',
    name,
  );
  for (const [operation, counted] of names.entries()) {
    const label = { graphql_operation_name: operation === '' ? unnamed : operation };
    for (const [place, count] of counted.counts.entries()) {
      if (count > 0) operations({ ...label, ...labelsAt(place) }, count);
    }
    seconds(label, counted.seconds);
    cost(label, counted.cost);
  }
  const histogram = page.histogram(
    'tributary_graphql_operation_duration_seconds',
    'Operations by type and way of the answer, until their answers were sent; without subscriptions.',
  );
  for (const type of operationTypes) {
    for (const way of operationWays) {
      const found = durations[placeOf(type, way)];
      if (found !== undefined && found.count > 0) {
        histogram({ graphql_operation_type: type, way }, found);
      }
    }
  }
}

/** The reverse of how `RequestMeter` places counts. */
function labelsAt(series: number): Readonly<Record<string, string>> {
  const outcome = operationOutcomes[series % operationOutcomes.length] ?? '';
  const place = Math.floor(series / operationOutcomes.length);
  const way = operationWays[place % operationWays.length] ?? '';
  const type = operationTypes[Math.floor(place / operationWays.length)] ?? '';
  return { graphql_operation_type: type, way, outcome };
}

function addErrors(page: MetricPage, { errors }: RequestMeter): void {
  const all = page.counter('tributary_errors_total', 'Answers with an error of the code.', [
    'code',
  ]);
  const refusals = page.counter(
    'tributary_limit_refusals_total',
    'Of these, those whose code is that of a limit.',
    ['code'],
  );
  for (const [code, count] of errors.counts) {
    all({ code }, count);
    if (limitCode.test(code)) refusals({ code }, count);
  }
}
