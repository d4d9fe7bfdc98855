import type { FrontResponse } from './route.ts';

export function jsonResponse(status: number, value: unknown): FrontResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
