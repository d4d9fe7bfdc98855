import { RemoteFailure } from './remote-failure.ts';
import type { Send } from './remote-request.ts';

/**
 * A span for each request that is sent, with repetitions, which the subgraph is told of. Where a rule took the trace
 * out of the headers, the subgraph is not to know.
 */
export function traceRequests(send: Send, url: URL): Send {
  return async (request) => {
    const attempt = request.trace?.startAttempt(url);
    if (attempt === undefined) return send(request);
    const isTold = request.headers['traceparent'] !== undefined;
    const headers = isTold ? { ...request.headers, ...attempt.headers } : request.headers;
    try {
      const response = await send({ ...request, headers });
      attempt.end(response.status);
      return response;
    } catch (error) {
      attempt.end(undefined, error instanceof RemoteFailure ? error.error.code : 'GIVEN_UP');
      throw error;
    }
  };
}
