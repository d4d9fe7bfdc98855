import { request as requestHttp, type IncomingMessage } from 'node:http';
import { catalogue, type ErrorCode } from '../foundation/errors/catalogue.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import type { ControlMessage } from './message.ts';
import { findSocket } from './socket-place.ts';

export interface ControlRequest {
  /** Name of the route. */
  readonly name: string;
  readonly input?: unknown;
  readonly onProgress?: ((value: unknown) => void) | undefined;
}

/**
 * Asks the server that has this data directory; gives what its route gave, after a way as JSON.
 *
 * @throws SERVER_NOT_RUNNING, SERVER_OUT_OF_REACH, SERVER_BROKE_OFF, and what the route throws
 */
export async function askRunningServer(
  directory: string,
  { name, input = {}, onProgress }: ControlRequest,
): Promise<unknown> {
  const socketPath = await findSocket(directory).catch((error: unknown) => {
    throw unreached(error, directory);
  });
  const response = await send(socketPath, name, input).catch((error: unknown) => {
    throw unreached(error, directory);
  });
  try {
    for await (const line of linesOf(response)) {
      const message = JSON.parse(line) as ControlMessage;
      if (message.kind === 'progress') onProgress?.(message.value);
      else if (message.kind === 'result') return message.value;
      else throw toError(message);
    }
  } catch (error) {
    if (error instanceof TributaryError) throw error;
    throw raise('SERVER_BROKE_OFF', { directory }, { cause: error });
  } finally {
    response.destroy();
  }
  throw raise('SERVER_BROKE_OFF', { directory });
}

/** Ends with the answer, and throws when that breaks off. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  response.setEncoding('utf8');
  for await (const text of response) {
    const lines = (rest + String(text)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function send(socketPath: string, name: string, input: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    requestHttp({ socketPath, method: 'POST', path: `/${name}`, headers }, resolve)
      .on('error', reject)
      .end(JSON.stringify(input));
  });
}

/** A socket that nobody listens on was left by a server that was killed. */
const codesOfNoServer: ReadonlySet<unknown> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR']);

function unreached(error: unknown, directory: string): TributaryError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (codesOfNoServer.has(code))
    return raise('SERVER_NOT_RUNNING', { directory }, { cause: error });
  if (code === 'ECONNRESET') return raise('SERVER_BROKE_OFF', { directory }, { cause: error });
  const problem = error instanceof Error ? error.message : String(error);
  return raise('SERVER_OUT_OF_REACH', { directory, problem }, { cause: error });
}

/** A server of another version may have errors that this one does not know. */
function toError({
  code,
  message,
  hint,
}: ControlMessage & { readonly kind: 'error' }): TributaryError {
  const isKnown = Object.hasOwn(catalogue, code);
  return isKnown
    ? new TributaryError(code as ErrorCode, message, hint)
    : raise('CONTROL_FAILED', { problem: `${message} ${hint} [${code}]` });
}
