import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
} from 'node:net';
import { isLoopbackAddress, isLoopbackHost, plainAddress } from '../../access/loopback.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';

type ServerSettings = Config['server'];

/**
 * A server for http, or for https when there is a certificate. It does not listen yet.
 * @throws TLS_FILE_UNUSABLE
 */
export function createNodeServer({ tls }: ServerSettings, options: ServerOptions): Server {
  if (tls === undefined) return createServer(options);
  const { certFile, keyFile } = tls;
  try {
    const cert = readFileSync(certFile);
    const key = readFileSync(keyFile);
    return createTlsServer({
      ...options,
      cert,
      key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: 10_000,
    });
  } catch (error) {
    throw raise(
      'TLS_FILE_UNUSABLE',
      { certFile, keyFile, problem: String(error) },
      { cause: error },
    );
  }
}

/**
 * Tries whether a server could listen. What has to be loaded before it does takes seconds, and may make a lake.
 * @throws PORT_IN_USE, CANNOT_LISTEN, HOST_NOT_LOOPBACK
 */
export async function tryToListen(settings: ServerSettings): Promise<void> {
  const server = createTcpServer();
  await listen(server, settings);
  server.close();
  await once(server, 'close');
}

/**
 * Starts to listen; returns the port and an address that a person can open.
 * @throws PORT_IN_USE, CANNOT_LISTEN, HOST_NOT_LOOPBACK
 */
export async function listen(
  server: TcpServer,
  { host, port, tls }: ServerSettings,
): Promise<{ readonly port: number; readonly url: string }> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const code = error.code === 'EADDRINUSE' ? 'PORT_IN_USE' : 'CANNOT_LISTEN';
      reject(raise(code, { host, port, problem: error.message }, { cause: error }));
    };
    server.once('error', fail);
    server.listen(port, plainAddress(host), () => {
      server.off('error', fail);
      resolve();
    });
  });
  const bound = server.address();
  if (!isAddressInfo(bound)) throw new Error('A TCP server has an address.');
  checkStaysLocal(server, host, bound.address);
  const scheme = tls === undefined ? 'http' : 'https';
  return { port: bound.port, url: `${scheme}://${hostToOpen(host)}:${bound.port}` };
}

function isAddressInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** Callers from this machine need no key, so a name such as localhost has to be what it says. */
function checkStaysLocal(server: TcpServer, host: string, address: string): void {
  if (!isLoopbackHost(host) || isLoopbackAddress(address)) return;
  server.close();
  throw raise('HOST_NOT_LOOPBACK', { host, address });
}

function hostToOpen(host: string): string {
  const plain = plainAddress(host);
  if (plain === '0.0.0.0' || plain === '::') return 'localhost';
  return plain.includes(':') ? `[${plain}]` : plain;
}
