import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { RemoteResponse } from './remote-request.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../../foundation/json-object.ts';

/** An answer whose bytes have all come. */
interface ReceivedBytes {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly chunks: readonly Buffer[];
}

export const acceptedEncodings = 'gzip, deflate, br';

/** More bytes than an answer may have. */
export class TooManyBytes extends Error {
  constructor(limitBytes: number) {
    super(`more than ${limitBytes} bytes`);
    this.name = 'TooManyBytes';
  }
}

/**
 * Unpacks an answer and reads its JSON.
 * @throws TooManyBytes, and errors of zlib for what is not packed as it says
 */
export async function readResponse(
  { status, headers, chunks }: ReceivedBytes,
  limitBytes: number,
): Promise<RemoteResponse> {
  const bytes = await unpack(join(chunks), textOf(headers['content-encoding']), limitBytes);
  const text = withoutMark(bytes.toString('utf8'));
  let parsed = parseJsonObject(text);
  return {
    status,
    contentType: textOf(headers['content-type']) ?? 'no content type',
    retryAfter: textOf(headers['retry-after']),
    text,
    isGraphql: parsed !== undefined && hasGraphqlShape(parsed),
    takeJson: () => {
      const taken = parsed ?? parseJsonObject(text);
      parsed = undefined;
      return taken;
    },
  };
}

/** JSON has no place for a byte order mark; servers send one all the same. */
function withoutMark(text: string): string {
  return text.startsWith('\u{feff}') ? text.slice(1) : text;
}

function join(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
}

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

async function unpack(
  bytes: Buffer,
  encoding: string | undefined,
  limitBytes: number,
): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '' || bytes.length === 0) return bytes;
  if (!isPacking(name)) throw new Error(`the content encoding ${name}, which was not asked for`);
  try {
    return await unpackers[name](bytes, { maxOutputLength: limitBytes });
  } catch (error) {
    const isTooMuch = error instanceof RangeError || codeOf(error) === 'ERR_BUFFER_TOO_LARGE';
    throw isTooMuch ? new TooManyBytes(limitBytes) : error;
  }
}

function isPacking(name: string): name is keyof typeof unpackers {
  return Object.hasOwn(unpackers, name);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}

function hasGraphqlShape({ data, errors }: JsonObject): boolean {
  if (data !== undefined && data !== null && !isJsonObject(data)) return false;
  if (errors !== undefined && errors !== null && !Array.isArray(errors)) return false;
  return isJsonObject(data) || (Array.isArray(errors) && errors.length > 0);
}
