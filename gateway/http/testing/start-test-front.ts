import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCallerIdentifier } from '../../../access/identify-caller.ts';
import { KeyStore } from '../../../access/key-store.ts';
import { systemClock } from '../../../foundation/clock.ts';
import { loadConfig } from '../../../foundation/config/load-config.ts';
import type { Config, PartialConfig } from '../../../foundation/config/schema.ts';
import { createLog } from '../../../foundation/log.ts';
import type { Route } from '../route.ts';
import { startHttpServer, type HttpServer } from '../start-http-server.ts';

/** A front that listens on a free port, over a data directory of its own. */
export interface TestFront extends HttpServer {
  readonly directory: string;
  readonly config: Config;
  /** The parsed lines of the log so far. */
  readonly logLines: readonly Readonly<Record<string, unknown>>[];
  /** Sends bytes as they are and returns all that comes back until the server ends the connection. */
  sendRaw(text: string, options?: { readonly isHalfClosed?: boolean }): Promise<string>;
  stop(): Promise<void>;
}

export async function startTestFront(
  routes: readonly Route[],
  flags: PartialConfig = {},
): Promise<TestFront> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-front-'));
  const config = loadConfig({
    projectDirectory: directory,
    environment: {},
    flags: { ...flags, server: { port: 0, ...flags.server }, lake: { directory } },
  });
  const logLines: Record<string, unknown>[] = [];
  const log = createLog({
    level: 'debug',
    destination: { write: (line) => logLines.push(JSON.parse(line)) },
  });
  const clock = systemClock;
  const identify = createCallerIdentifier({ config, keyStore: new KeyStore(directory), clock });
  const removeDirectory = (): void => rmSync(directory, { recursive: true });
  const server = await startHttpServer({ config, log, routes, identify, clock }).catch(
    (error: unknown) => {
      removeDirectory();
      throw error;
    },
  );
  return {
    ...server,
    directory,
    config,
    logLines,
    sendRaw: (text, options) => sendRaw(server.port, text, options?.isHalfClosed ?? false),
    stop: async () => {
      await server.close();
      removeDirectory();
    },
  };
}

function sendRaw(port: number, text: string, isHalfClosed: boolean): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () => {
      if (isHalfClosed) socket.end(text);
      else socket.write(text);
    });
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (received += chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}
