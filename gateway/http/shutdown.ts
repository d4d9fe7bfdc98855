import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';

/** Node announces a request by one of these: the second one when the client asks before it sends the body. */
const requestEvents = ['request', 'checkContinue'] as const;

interface Shutdown {
  readonly isClosing: () => boolean;
  /** The same promise for every call. */
  readonly close: () => Promise<void>;
}

/** Stops a server without dropping a request that it has accepted, unless the request takes longer than `timeoutMs`. */
export function createShutdown(server: Server, timeoutMs: number): Shutdown {
  let closed: Promise<void> | undefined;
  const silentSockets = trackSilentSockets(server);
  const isClosing = (): boolean => closed !== undefined;
  // An answer that began before the shutdown promised to keep its connection, which is idle once it ends.
  for (const event of requestEvents) {
    server.on(event, (_incoming: IncomingMessage, outgoing: ServerResponse) => {
      outgoing.once('close', () => {
        if (isClosing()) setImmediate(() => server.closeIdleConnections());
      });
    });
  }
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      const deadline = setTimeout(() => {
        server.closeAllConnections();
        resolve();
      }, timeoutMs);
      server.close(() => {
        clearTimeout(deadline);
        resolve();
      });
      server.closeIdleConnections();
      for (const socket of silentSockets) socket.destroy();
    });
    return closed;
  };
  return { isClosing, close };
}

/**
 * Connections that have not made a request yet. Browsers open some in advance; Node does not count them as idle, and
 * they would hold up a shutdown.
 */
function trackSilentSockets(server: Server): ReadonlySet<Duplex> {
  const silent = new Set<Duplex>();
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Duplex) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  for (const event of [...requestEvents, 'upgrade']) {
    server.prependListener(event, ({ socket }: IncomingMessage) => silent.delete(socket));
  }
  return silent;
}
