import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';
import type { StreamedBodyLimits } from './route.ts';

/**
 * So much is read ahead of who takes it: a connection that is not read from cannot be seen to close, and most bodies
 * that are packed are no larger.
 */
const readAheadBytes = 1_048_576;

/** How well so little was packed says nothing. */
const uncountedBytes = 1_048_576;

/**
 * The body as it comes, unpacked. Reading stops where nobody takes what was read; that is no idleness of the client.
 * What goes wrong is the stream's error: PUSH_TOO_LARGE, PUSH_TOO_DENSE, PUSH_STALLED, BODY_INCOMPLETE, BODY_NOT_GZIP.
 * @throws BODY_ENCODING_UNSUPPORTED
 */
export function streamBody(exchange: Exchange, limits: StreamedBodyLimits): Readable {
  const { incoming, outgoing } = exchange;
  const isPacked = readEncoding(incoming) === 'gzip';
  if (!isPacked && Number(incoming.headers['content-length'] ?? 0) > limits.maxBytes) {
    throw tooLarge(limits);
  }
  const invite = (): void => {
    if (incoming.headers.expect !== undefined) outgoing.writeContinue();
  };
  const raw = Readable.from(readChunks(incoming, limits, invite), {
    objectMode: false,
    highWaterMark: readAheadBytes,
  });
  const unpacked = isPacked ? Readable.from(unpack(raw, limits), { objectMode: false }) : raw;
  return Readable.from(limitSize(unpacked, limits), { objectMode: false });
}

function readEncoding({ headers }: IncomingMessage): 'gzip' | 'identity' {
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return encoding;
  if (encoding === 'gzip' || encoding === 'x-gzip') return 'gzip';
  throw raise('BODY_ENCODING_UNSUPPORTED', { encoding });
}

/** Leaves the connection open when it is not read to the end: the answer has to go out over it. */
async function* readChunks(
  incoming: IncomingMessage,
  { idleTimeoutMs }: StreamedBodyLimits,
  invite: () => void,
): AsyncGenerator<Buffer> {
  invite();
  const chunks = incoming.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await within(idleTimeoutMs, nextOf(chunks));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    void chunks.return?.();
  }
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
  try {
    return await chunks.next();
  } catch (error) {
    throw raise('BODY_INCOMPLETE', {}, { cause: error });
  }
}

function within<Result>(timeoutMs: number, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(raise('PUSH_STALLED', { timeoutMs })), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function* limitSize(body: Readable, limits: StreamedBodyLimits): AsyncGenerator<Buffer> {
  let sizeBytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > limits.maxBytes) throw tooLarge(limits);
    yield chunk;
  }
}

async function* unpack(packed: Readable, { maxRatio }: StreamedBodyLimits): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let sizeBytes = 0;
  // Its own error is the one that the loop below throws.
  pipeline(packed, gunzip, () => {});
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      const isDense = sizeBytes > uncountedBytes && sizeBytes > gunzip.bytesWritten * maxRatio;
      if (isDense) throw raise('PUSH_TOO_DENSE', { ratio: maxRatio });
      yield chunk;
    }
  } catch (error) {
    if (error instanceof TributaryError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('BODY_NOT_GZIP', { problem }, { cause: error });
  }
}

function tooLarge({ maxBytes }: StreamedBodyLimits): TributaryError {
  return raise('PUSH_TOO_LARGE', { limitBytes: maxBytes });
}
