import { metricsContentType, writeMetrics } from '../../motion/metrics.ts';
import type { MotionServices } from '../../motion/motion-services.ts';
import type { Route } from './route.ts';

/** `GET /metrics`, for Prometheus and whatever reads its format. Its scraper needs a key like every caller. */
export function metricsRoute(motion: MotionServices): Route {
  return {
    method: 'GET',
    path: '/metrics',
    handle: async () => ({
      status: 200,
      headers: { 'content-type': metricsContentType, 'cache-control': 'no-store' },
      body: await writeMetrics(motion),
    }),
  };
}
