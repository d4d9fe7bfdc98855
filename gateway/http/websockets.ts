import {
  ServerResponse,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Caller, IdentifyCaller } from '../../access/caller.ts';
import { callerId } from '../../access/caller.ts';
import { createOriginationTracer } from '../../access/forwarding.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { EarlyEnd } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { clientCodeOf, logFailure } from './client-error.ts';
import type { ApplyCors } from './cors.ts';
import { refuseCrossSite } from './cross-site.ts';
import { checkTarget, createExchange, type Exchange } from './exchange.ts';
import { rawErrorResponse } from './raw-error-response.ts';
import { beginSocketOperation, type SocketOperation } from './socket-operation.ts';
import type { FrontTelemetry } from './front-telemetry.ts';
import type { OpenStreams, Reservation } from './open-streams.ts';

/** A WebSocket that was let in; who is at its other end may still have to be asked. */
export interface OpenSocket {
  readonly id: string;
  readonly socket: WebSocket;
  readonly headers: Readonly<IncomingHttpHeaders>;
  /**
   * Who is calling with these headers in the place of the request's.
   * @throws what `IdentifyCaller` throws
   */
  readonly identify: (headers: IncomingHttpHeaders) => Promise<Caller>;
  /** @throws STREAMS_EXHAUSTED */
  readonly openStream: () => Reservation;
  /** To be ended when the operation is over. */
  readonly beginOperation: (id: string) => SocketOperation;
}

/** What is done with WebSockets of a path. */
export interface SocketRoute {
  readonly path: string;
  readonly protocol: string;
  readonly open: (socket: OpenSocket) => void;
}

interface SocketOptions {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly route: SocketRoute | undefined;
  readonly checkHost: (exchange: Exchange) => void;
  readonly applyCors: ApplyCors;
  readonly identify: IdentifyCaller;
  readonly streams: OpenStreams;
  readonly telemetry: FrontTelemetry;
}

/** The WebSockets of a server. */
export interface Sockets {
  readonly count: number;
  /** Closes every WebSocket, and those that would come. */
  readonly close: () => void;
}

/** So long a client may take to say goodbye. */
const goodbyeMs = 1_000;

/** Lets WebSockets in, through the same stages as every request. */
export function acceptWebSockets(server: Server, options: SocketOptions): Sockets {
  const { config, log, route } = options;
  const { maxConnections, maxMessageBytes } = config.webSockets;
  const trace = createOriginationTracer(config.server.trustedProxies);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => route?.protocol ?? false,
  });
  let isClosing = false;
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (incoming.headers.upgrade?.toLowerCase() !== 'websocket') {
      passOnAsRequest(server, incoming, socket, head);
      return;
    }
    socket.on('error', () => socket.destroy());
    const origination = trace(incoming.headers, socketAddress(incoming));
    const outgoing = new ServerResponse(incoming);
    const exchange = createExchange({ incoming, outgoing, origination, earlyEnd: new EarlyEnd() });
    admit(exchange).then(
      (caller) => sockets.handleUpgrade(incoming, socket, head, (ws) => open(exchange, ws, caller)),
      (error: unknown) => {
        options.telemetry.meter.errors.add(clientCodeOf(error));
        logFailure(log, error, exchange.id);
        socket.end(rawErrorResponse(error, exchange.id), () => socket.destroy());
      },
    );
  });
  return {
    get count() {
      return sockets.clients.size;
    },
    close() {
      isClosing = true;
      for (const socket of sockets.clients) {
        socket.close(1001, 'Going away');
        setTimeout(() => socket.terminate(), goodbyeMs).unref();
      }
    },
  };

  async function admit(exchange: Exchange): Promise<Caller | undefined> {
    const { incoming, path } = exchange;
    checkTarget(exchange);
    options.checkHost(exchange);
    options.applyCors(exchange);
    if (path !== route?.path) {
      const suggestion = route === undefined ? '' : `WebSockets are opened at ${route.path}.`;
      throw raise('PATH_NOT_FOUND', { path, suggestion });
    }
    refuseCrossSite(exchange);
    const {
      authorization,
      'x-api-key': apiKey,
      'sec-websocket-protocol': given,
    } = incoming.headers;
    const offered = (given ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(route.protocol)) {
      throw raise('WEBSOCKET_PROTOCOL_UNKNOWN', { known: route.protocol });
    }
    if (isClosing || sockets.clients.size >= maxConnections) {
      throw raise('WEBSOCKETS_EXHAUSTED', { limit: maxConnections });
    }
    if (authorization === undefined && apiKey === undefined) return undefined;
    return identify(exchange, {});
  }

  function identify({ incoming }: Exchange, headers: IncomingHttpHeaders): Promise<Caller> {
    const remoteAddress = socketAddress(incoming);
    const evidence = { headers: { ...incoming.headers, ...headers }, remoteAddress };
    return options.identify({ ...evidence, admits: 'callers' });
  }

  function open(exchange: Exchange, socket: WebSocket, caller: Caller | undefined): void {
    const { id, path, incoming, origination } = exchange;
    const startedMs = options.clock.monotonicMs();
    exchange.caller = caller;
    // A message that is too large, or no UTF-8: the connection is closed with the code for it.
    socket.on('error', (error) => log.debug({ err: error, requestId: id }, 'broken WebSocket'));
    socket.once('close', (code) => {
      log.info(
        {
          requestId: id,
          path,
          status: 101,
          code,
          durationMs: Math.round(options.clock.monotonicMs() - startedMs),
          client: origination.address,
          caller: exchange.caller && {
            kind: exchange.caller.kind,
            id: callerId(exchange.caller),
          },
        },
        'WebSocket closed',
      );
    });
    if (isClosing) {
      socket.close(1001, 'Going away');
      return;
    }
    route?.open({
      id,
      socket,
      headers: incoming.headers,
      identify: async (headers) => (exchange.caller = await identify(exchange, headers)),
      openStream: () => options.streams.reserve(),
      beginOperation: (operationId) => beginSocketOperation(operationId, exchange, options),
    });
  }
}

function socketAddress({ socket }: IncomingMessage): string | undefined {
  return socket.remoteAddress;
}

/**
 * Node hands every wish for another protocol to whoever takes WebSockets. Clients that would like HTTP/2 (`h2c`) take
 * an answer by HTTP/1.1 as well: the request is read once more, without the wish.
 */
function passOnAsRequest(
  server: Server,
  { method, url, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!/^(upgrade|connection|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket);
}
