import { maxHeaderSize, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { rawErrorResponse } from './raw-error-response.ts';

interface BrokenConnectionOptions {
  readonly log: Log;
  readonly headersTimeoutMs: number;
  readonly openExchanges: OpenExchanges;
}

/** Answers what is not HTTP, or stops being it halfway, with the same JSON as every other error. */
export function answerBrokenConnections(
  server: Server,
  { log, headersTimeoutMs, openExchanges }: BrokenConnectionOptions,
): void {
  server.on('clientError', (error: NodeJS.ErrnoException & { reason?: unknown }, socket) => {
    const exchanges = openExchanges.on(socket);
    log.debug({ err: error, requestId: exchanges[0]?.id }, 'broken connection');
    // Into an answer that has begun, a second one must not be written.
    const hasBegun = exchanges.some(({ outgoing }) => outgoing.headersSent);
    // Who has asked nothing would take an answer for that to the first question, which may be on its way.
    const hasAskedNothing = (socket as Socket).bytesRead === 0;
    if (!socket.writable || hasBegun || hasAskedNothing || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const problem = toTributaryError(error, exchanges.length > 0, headersTimeoutMs);
    socket.end(rawErrorResponse(problem), () => socket.destroy());
  });
}

function toTributaryError(
  error: NodeJS.ErrnoException & { reason?: unknown },
  isInBody: boolean,
  timeoutMs: number,
): TributaryError {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return raise(isInBody ? 'BODY_TIMEOUT' : 'HEADERS_TIMEOUT', { timeoutMs });
    case 'HPE_HEADER_OVERFLOW':
      return raise('HEADERS_TOO_LARGE', { limitBytes: maxHeaderSize });
    case 'HPE_INVALID_EOF_STATE':
      if (isInBody) return raise('BODY_INCOMPLETE', {});
      return raise('MALFORMED_REQUEST', { problem: 'it ended in the middle of the headers' });
    default: {
      const reason = typeof error.reason === 'string' ? error.reason : 'it cannot be parsed';
      return raise('MALFORMED_REQUEST', {
        problem: reason.charAt(0).toLowerCase() + reason.slice(1),
      });
    }
  }
}
