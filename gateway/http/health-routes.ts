import type { FrontResponse, Route } from './route.ts';

interface HealthOptions {
  /** Whether the graph can be asked now, or why it cannot. The reason is public. */
  readonly isReady: () => boolean | { readonly ready: false; readonly reason: string };
}

/** `/health/live`: the process answers. `/health/ready`: it can do its work, 503 if not. Both need no key. */
export function healthRoutes({ isReady }: HealthOptions): readonly Route[] {
  const answerLive = (): FrontResponse => answerHealth(200, { status: 'live' });
  const answerReady = (): FrontResponse => {
    const ready = isReady();
    if (ready === true) return answerHealth(200, { status: 'ready' });
    return answerHealth(503, {
      status: 'not ready',
      ...(ready !== false && { reason: ready.reason }),
    });
  };
  return [
    { method: 'GET', path: '/health/live', admits: 'anyone', handle: answerLive },
    { method: 'GET', path: '/health/ready', admits: 'anyone', handle: answerReady },
  ];
}

function answerHealth(status: number, body: Readonly<Record<string, string>>): FrontResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
