import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { FrontResponse } from './route.ts';

/** An error as a caller reads it: one item of `errors` in a GraphQL answer. */
export interface ClientError {
  readonly message: string;
  readonly extensions: {
    readonly code: string;
    readonly hint: string;
    readonly correlationId?: string;
  };
}

/**
 * What a caller may read of an error. Anything that was not written for callers is masked; the caller gets the
 * correlation id under which `logFailure` keeps the whole.
 */
export function toClientError(error: unknown, correlationId: string): ClientError {
  if (isShown(error)) {
    return { message: error.message, extensions: { code: error.code, hint: error.hint } };
  }
  const { code, message, hint } = raise('INTERNAL_SERVER_ERROR', { correlationId });
  return { message, extensions: { code, hint, correlationId } };
}

/** The code that a caller reads of it. */
export function clientCodeOf(error: unknown): string {
  return isShown(error) ? error.code : 'INTERNAL_SERVER_ERROR';
}

function isShown(error: unknown): error is TributaryError {
  return error instanceof TributaryError && error.isShownToClients;
}

/** Logs what the caller is not told, and failures of ours that the caller is told of. */
export function logFailure(log: Log, error: unknown, correlationId: string): void {
  if (!isShown(error)) {
    log.error({ requestId: correlationId, err: error }, 'request failed');
  } else if (error.status >= 500) {
    log.warn({ requestId: correlationId, err: error }, 'request failed');
  }
}

/** The answer to a request that failed as a whole. */
export function errorResponse(error: unknown, correlationId: string): FrontResponse {
  const status = isShown(error) ? error.status : 500;
  const wait = isShown(error) ? error.retryAfterSeconds : undefined;
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(wait !== undefined && { 'retry-after': String(wait) }),
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="tributary"' }),
    },
    body: JSON.stringify({ errors: [toClientError(error, correlationId)] }),
  };
}
