import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import type { Log } from '../foundation/log.ts';
import type { ControlMessage } from './message.ts';
import { makeSocketPlace } from './socket-place.ts';

/** What a command asks of the server. */
export interface ControlCall {
  /** What came as JSON. */
  readonly input: unknown;
  /** Tells the command how far the work has come. */
  readonly onProgress: (value: unknown) => void;
  /** Aborts when the command goes away, and when the server stops. */
  readonly signal: AbortSignal;
}

export type ControlRoute = (call: ControlCall) => Promise<unknown>;

interface ControlOptions {
  /** The data directory, which this process has locked. */
  readonly directory: string;
  /** By their names. */
  readonly routes: Readonly<Record<string, ControlRoute>>;
  readonly log: Log;
}

export interface RunningControl {
  /** Gives up what commands have asked for, and takes no more. */
  readonly close: () => Promise<void>;
}

/**
 * Lets commands on this machine reach the server that has the lake: HTTP over a socket in the data directory, which
 * belongs to the user of the server alone. Who may open it may do everything, so it asks nobody who they are.
 */
export async function startControl({
  directory,
  routes,
  log,
}: ControlOptions): Promise<RunningControl> {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const server = createServer((request, response) => {
    const answer = answerCommand(request, response, { routes, log, stopping: stopping.signal });
    running.add(answer);
    void answer.finally(() => running.delete(answer));
  });
  const place = await makeSocketPlace(directory);
  try {
    server.listen(place.path);
    await once(server, 'listening');
    await place.open();
  } catch (error) {
    server.close();
    await place.remove();
    throw error;
  }
  return {
    async close() {
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      await Promise.all(running);
      server.closeAllConnections();
      await closed;
      await place.remove();
    },
  };
}

interface AnswerOptions extends Pick<ControlOptions, 'routes' | 'log'> {
  readonly stopping: AbortSignal;
}

/** Never rejects: whatever goes wrong is a line of the answer. */
async function answerCommand(
  request: IncomingMessage,
  response: ServerResponse,
  { routes, log, stopping }: AnswerOptions,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const write = (message: ControlMessage): void => {
    if (!response.destroyed) response.write(`${JSON.stringify(message)}\n`);
  };
  const name = (request.url ?? '').slice(1);
  try {
    const input = await readInput(request);
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (route === undefined || request.method !== 'POST') throw raise('CONTROL_UNKNOWN', { name });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    const value = await route({
      input,
      onProgress: (progress) => write({ kind: 'progress', value: progress }),
      signal: AbortSignal.any([gone.signal, stopping]),
    });
    write({ kind: 'result', value });
  } catch (error) {
    if (!(error instanceof TributaryError))
      log.error({ err: error, command: name }, 'command failed');
    write({ kind: 'error', ...describe(error) });
  }
  response.end();
}

const mostInputCharacters = 4_000_000;

async function readInput(request: IncomingMessage): Promise<unknown> {
  const json = await text(request);
  if (json.length > mostInputCharacters)
    throw raise('CONTROL_INVALID', { problem: 'it is too long' });
  try {
    return JSON.parse(json);
  } catch (error) {
    throw raise('CONTROL_INVALID', { problem: 'it is no JSON' }, { cause: error });
  }
}

/** Who reads it runs the server, so that nothing has to be hidden. */
function describe(error: unknown): {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
} {
  const problem = error instanceof Error ? error.message : String(error);
  const { code, message, hint } =
    error instanceof TributaryError
      ? error
      : raise('CONTROL_FAILED', { problem }, { cause: error });
  return { code, message, hint };
}
