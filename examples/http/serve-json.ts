import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findRoute, type JsonAnswer, type Route } from './route.ts';
import { readJson } from './read-json.ts';
import { RequestError } from './request-error.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

interface ServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly routes: readonly Route[];
  /** Paths that something else answers, such as a receiver of events. */
  readonly listeners: Readonly<Record<string, Listener>>;
}

export interface RunningTool {
  readonly url: string;
  close(): Promise<void>;
}

/** The part of a tool that speaks HTTP. A real tool would have its framework here. */
export async function serveJson({
  host,
  port,
  routes,
  listeners,
}: ServerOptions): Promise<RunningTool> {
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    if (Object.hasOwn(listeners, path)) listeners[path]?.(request, response);
    else void respond(request, path, routes, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}

async function respond(
  request: IncomingMessage,
  path: string,
  routes: readonly Route[],
  response: ServerResponse,
): Promise<void> {
  const { status, body } = await answer(request, path, routes);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answer(
  request: IncomingMessage,
  path: string,
  routes: readonly Route[],
): Promise<JsonAnswer> {
  try {
    const found = findRoute(routes, request.method ?? 'GET', path);
    if (found === undefined)
      throw new RequestError(404, `Nothing is at ${request.method} ${path}.`);
    const body = request.method === 'GET' ? undefined : await readJson(request);
    const { headers } = request;
    return await found.route.handle({ parameters: found.parameters, headers, body });
  } catch (error) {
    if (error instanceof RequestError)
      return { status: error.status, body: { error: error.message } };
    process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
    return { status: 500, body: { error: 'The tool failed; its log says why.' } };
  }
}
