import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { bytesIn, piecesOf } from './body-pieces.ts';
import type { Exchange } from './exchange.ts';
import { isStream } from './is-stream.ts';
import type { FrontResponse } from './route.ts';

interface WriteOptions {
  /** How long a client may read nothing of what is ready for it before it is cut off. */
  readonly stallTimeoutMs: number;
  /** Close the connection after this answer. */
  readonly isLast: boolean;
  /** Body is still coming that nobody wants. */
  readonly hasUnwantedBody: boolean;
}

const contentLength = 'content-length';

/** After a refusal, so much time is left to a client to stop sending and to read why. */
const lingerMs = 1_000;

/** Writes the answer and returns when all of it was handed to the connection. Throws what a stream body throws. */
export async function writeResponse(
  exchange: Exchange,
  response: FrontResponse,
  { stallTimeoutMs, isLast, hasUnwantedBody }: WriteOptions,
): Promise<void> {
  const { incoming, outgoing } = exchange;
  if (outgoing.destroyed) return;
  outgoing.shouldKeepAlive &&= !isLast && !hasUnwantedBody;
  const { status, body } = response;
  const headers = headerList(exchange, response);
  if (isStream(body)) {
    outgoing.writeHead(status, headers);
    await writeStream(exchange, body, stallTimeoutMs);
    return;
  }
  const hasBody = status !== 204 && status !== 304;
  const pieces = piecesOf(body);
  if (hasBody) headers.push(contentLength, String(bytesIn(pieces)));
  outgoing.writeHead(status, headers);
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1 && !hasUnwantedBody) {
    outgoing.end(hasBody ? last : undefined);
    // Most answers are with the system by now, and nobody has to watch over them.
    if (outgoing.writableLength > 0) cutOffWhenStalled(outgoing, stallTimeoutMs);
    return;
  }
  cutOffWhenStalled(outgoing, stallTimeoutMs);
  // Head and pieces go out together.
  outgoing.cork();
  if (hasBody) for (const piece of pieces.slice(0, -1)) outgoing.write(piece);
  if (hasUnwantedBody) {
    outgoing.write(last);
    outgoing.uncork();
    await linger(incoming);
    outgoing.end();
  } else {
    outgoing.end(hasBody ? last : undefined);
  }
}

/**
 * Names and values by turns, but for the length: Node takes them as they are, and they cost a third of an object of
 * both.
 */
function headerList({ headers: common }: Exchange, { headers: own }: FrontResponse): string[] {
  const list: string[] = [];
  for (const name in common) if (!(name in own)) list.push(name, common[name] ?? '');
  for (const name in own) if (name !== contentLength) list.push(name, own[name] ?? '');
  return list;
}

async function writeStream(
  { incoming, outgoing, earlyEnd }: Exchange,
  stream: AsyncIterable<string>,
  stallTimeoutMs: number,
): Promise<void> {
  if (incoming.method !== 'HEAD') {
    for await (const chunk of stream) {
      if (earlyEnd.aborted) return;
      if (!outgoing.write(chunk)) {
        // Idle is a stream's right; not to read what was written is not.
        cutOffWhenStalled(outgoing, stallTimeoutMs);
        await once(outgoing, 'drain', { signal: earlyEnd.toAbortSignal() });
        outgoing.setTimeout(0);
      }
    }
  }
  outgoing.end();
}

/** The error is what tells a cut-off answer from a finished one: Node calls both finished. */
function cutOffWhenStalled(outgoing: ServerResponse, timeoutMs: number): void {
  outgoing.removeAllListeners('timeout');
  outgoing.setTimeout(timeoutMs, () => {
    outgoing.destroy(new Error(`The client read nothing for ${timeoutMs} ms.`));
  });
}

/**
 * Reads on and throws away, for a moment. Closing at once would reset the connection, and the client, still busy
 * sending, would never see the answer.
 */
function linger(incoming: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, lingerMs);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    incoming.once('end', stop).once('close', stop).resume();
  });
}
