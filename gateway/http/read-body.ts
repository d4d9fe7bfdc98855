import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';

/**
 * The body as text; empty when there is none.
 * @throws BODY_TOO_LARGE (as early as it is known), BODY_INCOMPLETE, BODY_NOT_UTF8, BODY_ENCODING_UNSUPPORTED
 */
export async function readBody(
  { incoming, outgoing }: Exchange,
  limitBytes: number,
): Promise<string> {
  const encoding = incoming.headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw raise('BODY_ENCODING_UNSUPPORTED', { encoding });
  }
  if (declaredBytes(incoming) > limitBytes) throw raise('BODY_TOO_LARGE', { limitBytes });
  // Clients with large bodies ask first, so that a refusal costs no upload.
  if (incoming.headers.expect !== undefined) outgoing.writeContinue();
  const body = await collect(incoming, limitBytes);
  if (!isUtf8(body)) throw raise('BODY_NOT_UTF8', {});
  const text = body.toString('utf8');
  return text.startsWith('\u{feff}') ? text.slice(1) : text;
}

/**
 * True when so much of the body is still to come that reading it only to keep the connection would be a waste, or
 * when nobody knows how much it is.
 */
export function hasLargeRest(incoming: IncomingMessage, limitBytes: number): boolean {
  if (incoming.complete) return false;
  return (
    incoming.headers['transfer-encoding'] !== undefined || declaredBytes(incoming) > limitBytes
  );
}

function declaredBytes({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

function collect(incoming: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= limitBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(raise('BODY_TOO_LARGE', { limitBytes }));
    });
    incoming.on('end', () => {
      const [only] = chunks;
      resolve(only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    incoming.on('error', (error) => reject(raise('BODY_INCOMPLETE', {}, { cause: error })));
    incoming.on('close', () => {
      if (!incoming.complete) reject(raise('BODY_INCOMPLETE', {}));
    });
  });
}
