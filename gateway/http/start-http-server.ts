import type { PlaceToGo } from '../../console/not-found-page.ts';
import type { IdentifyCaller } from '../../access/caller.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
import { observeRequests } from '../telemetry/observe-requests.ts';
import { RequestMeter } from '../telemetry/request-meter.ts';
import { answerRequests } from './answer-requests.ts';
import { answerBrokenConnections } from './broken-connection.ts';
import { createHostCheck } from './check-host.ts';
import { createCors } from './cors.ts';
import type { FrontTelemetry } from './front-telemetry.ts';
import { limitConnections } from './limit-connections.ts';
import { OpenExchanges } from './open-exchanges.ts';
import { OpenStreams } from './open-streams.ts';
import { createNodeServer, listen } from './listen.ts';
import type { Route } from './route.ts';
import { createRouteTable } from './route-table.ts';
import { createShutdown } from './shutdown.ts';
import { acceptWebSockets, type SocketRoute } from './websockets.ts';

interface HttpServerOptions {
  readonly config: Config;
  readonly log: Log;
  readonly routes: readonly Route[];
  /** Where a browser that asks for something else is led. */
  readonly places?: readonly PlaceToGo[] | undefined;
  /** Not there where no WebSockets are taken. */
  readonly socketRoute?: SocketRoute | undefined;
  readonly identify: IdentifyCaller;
  readonly clock: Clock;
  /** Sees every request; counters of its own by default. */
  readonly telemetry?: FrontTelemetry | undefined;
}

export interface HttpServer {
  /** An address that a person on this machine can open. */
  readonly url: string;
  readonly port: number;
  /** Streams and WebSockets that are open now. */
  readonly open: { readonly streams: number; readonly sockets: number };
  /** Takes no more requests, lets those in flight finish for `server.shutdownTimeoutMs`, then cuts the rest off. */
  close(): Promise<void>;
}

/** A client that sends its headers slower than this only wants to hold the connection. */
const maxHeadersTimeoutMs = 10_000;

/** Longer than the minute after which common load balancers drop idle connections, so that they do it, not we. */
const keepAliveTimeoutMs = 65_000;

/**
 * Starts the server's front door.
 * @throws TLS_FILE_UNUSABLE, PORT_IN_USE, CANNOT_LISTEN, HOST_NOT_LOOPBACK
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { config, log, routes, identify, clock } = options;
  const { server: settings } = config;
  const { telemetry = { meter: new RequestMeter(clock), tracing: undefined } } = options;
  const { errors } = telemetry.meter;
  const headersTimeoutMs = Math.min(maxHeadersTimeoutMs, settings.requestTimeoutMs);
  const server = createNodeServer(settings, {
    headersTimeout: headersTimeoutMs,
    // Node's deadline for whole bodies would cut those off that are read as they come; the front has its own.
    requestTimeout: 0,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: 1_000,
  });
  const { maxConnectionsPerAddress: limit, trustedProxies } = settings;
  limitConnections(server, { limit, trustedProxies, log, errors });
  const openExchanges = new OpenExchanges();
  const streams = new OpenStreams(config.events.maxStreams);
  const shutdown = createShutdown(server, settings.shutdownTimeoutMs);
  answerBrokenConnections(server, {
    log,
    headersTimeoutMs,
    unusedTimeoutMs: keepAliveTimeoutMs,
    openExchanges,
  });
  const checkHost = createHostCheck(config);
  const applyCors = createCors(config);
  const sockets = acceptWebSockets(server, {
    config,
    log,
    clock,
    route: options.socketRoute,
    checkHost,
    applyCors,
    identify,
    streams,
    telemetry,
  });
  answerRequests(server, {
    log,
    clock,
    settings,
    openExchanges,
    isClosing: shutdown.isClosing,
    observe: observeRequests(telemetry),
    stages: {
      checkHost,
      applyCors,
      findRoute: createRouteTable(routes, options.places),
      identify,
      clock,
      maxBodyBytes: settings.maxBodyBytes,
      streams,
    },
  });
  const { url, port } = await listen(server, settings);
  const close = (): Promise<void> => {
    streams.endAll();
    sockets.close();
    return shutdown.close();
  };
  return {
    url,
    port,
    close,
    get open() {
      return { streams: streams.size, sockets: sockets.count };
    },
  };
}
