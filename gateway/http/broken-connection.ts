import { maxHeaderSize, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { rawErrorResponse } from './raw-error-response.ts';

interface BrokenConnectionOptions {
  readonly log: Log;
  readonly headersTimeoutMs: number;
  /** How long a connection may stay open on which nothing is asked. */
  readonly unusedTimeoutMs: number;
  readonly openExchanges: OpenExchanges;
}

/** Answers what is not HTTP, or stops being it halfway, with the same JSON as every other error. */
export function answerBrokenConnections(
  server: Server,
  { log, headersTimeoutMs, unusedTimeoutMs, openExchanges }: BrokenConnectionOptions,
): void {
  server.on('clientError', (error: NodeJS.ErrnoException & { reason?: unknown }, socket) => {
    const exchanges = openExchanges.on(socket);
    log.debug({ err: error, requestId: exchanges[0]?.id }, 'broken connection');
    // Into an answer that has begun, a second one must not be written.
    const hasBegun = exchanges.some(({ outgoing }) => outgoing.headersSent);
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && hasAskedNothing(socket)) {
      closeUnused(socket, unusedTimeoutMs - headersTimeoutMs);
      return;
    }
    if (!socket.writable || hasBegun || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const problem = toTributaryError(error, exchanges.length > 0, headersTimeoutMs);
    socket.end(rawErrorResponse(problem), () => socket.destroy());
  });
}

function hasAskedNothing(socket: Duplex): boolean {
  return (socket as Socket).bytesRead === 0;
}

/**
 * Closes a connection on which nothing is asked either for some more time. Pools open connections ahead; an answer on
 * one of them would be taken for that to its first question.
 */
function closeUnused(socket: Duplex, waitMs: number): void {
  const timer = setTimeout(() => hasAskedNothing(socket) && socket.destroy(), waitMs);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
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
