import { metricsContentType, type MetricPage } from '../../foundation/metrics/metric-page.ts';
import type { Route } from './route.ts';

/** The numbers of now. */
export type ReadMetrics = () => Promise<MetricPage>;

/** `GET /metrics`, for Prometheus and whatever reads its format. Its scraper needs a key like every caller. */
export function metricsRoute(read: ReadMetrics): Route {
  return {
    method: 'GET',
    path: '/metrics',
    handle: async () => {
      const page = await read();
      return {
        status: 200,
        headers: { 'content-type': metricsContentType, 'cache-control': 'no-store' },
        body: await page.text(),
      };
    },
  };
}
