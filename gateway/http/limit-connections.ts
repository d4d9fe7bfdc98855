import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { BlockList, isIP, type Socket } from 'node:net';
import { plainAddress } from '../../access/loopback.ts';
import { addProxy } from '../../foundation/config/proxy-list.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { ErrorMeter } from '../telemetry/error-meter.ts';
import { rawErrorResponse } from './raw-error-response.ts';

interface ConnectionLimit {
  /** Most connections of one address; 0 for as many as come. */
  readonly limit: number;
  /** Proxies stand for many clients and are not counted. */
  readonly trustedProxies: readonly string[];
  readonly log: Log;
  readonly errors: ErrorMeter;
}

type ConnectionListener = (socket: Socket) => void;

/**
 * Keeps one address from taking all connections. One too many is told so and closed before HTTP or TLS sees it; over
 * TLS there is nobody yet who could be told.
 */
export function limitConnections(server: Server, options: ConnectionLimit): void {
  const { limit, log, errors } = options;
  if (limit === 0) return;
  const isProxy = proxyTest(options.trustedProxies);
  const counts = new Map<string, number>();
  // Node's own: what it never hears of, it does not begin to read.
  const accept = server.listeners('connection') as ConnectionListener[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const count = counts.get(address) ?? 0;
    if (count >= limit && !isProxy(address)) {
      errors.add('CONNECTIONS_EXHAUSTED');
      log.debug({ address, limit }, 'one connection too many');
      refuse(socket, server instanceof TlsServer, address, limit);
      return;
    }
    counts.set(address, count + 1);
    socket.once('close', () => leave(counts, address));
    for (const listener of accept) listener.call(server, socket);
  });
}

function leave(counts: Map<string, number>, address: string): void {
  const count = counts.get(address) ?? 0;
  if (count > 1) counts.set(address, count - 1);
  else counts.delete(address);
}

function refuse(socket: Socket, isSecure: boolean, address: string, limit: number): void {
  socket.on('error', () => {});
  if (isSecure) {
    socket.destroy();
    return;
  }
  // What the client has sent is read and dropped: unread, it would make the system throw the answer away.
  socket.resume();
  socket.end(rawErrorResponse(raise('CONNECTIONS_EXHAUSTED', { address, limit })));
  socket.setTimeout(lingerMs, () => socket.destroy());
}

/** How long a client that was refused may take to hang up. */
const lingerMs = 1_000;

function proxyTest(trustedProxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const entry of trustedProxies) addProxy(trusted, entry);
  return (address) =>
    isIP(address) !== 0 && trusted.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
