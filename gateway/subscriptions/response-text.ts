import { isStream } from '../http/is-stream.ts';
import type { FrontResponse } from '../http/route.ts';

/** The body of an answer that is no stream. */
export function textOf({ body }: FrontResponse): string {
  if (typeof body === 'string') return body;
  if (isStream(body)) throw new Error('A stream has no text.');
  const pieces = body instanceof Uint8Array ? [body] : body;
  return Buffer.concat(pieces).toString('utf8');
}
