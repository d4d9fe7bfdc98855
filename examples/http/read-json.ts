import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.ts';

const maxBodyBytes = 65_536;

/**
 * The body of a request as JSON.
 * @throws {RequestError} 400, 413
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) throw new RequestError(413, 'The body is too large.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new RequestError(400, 'The body is not JSON.');
  }
}

/**
 * The fields of a JSON object; what is not text, and what is not asked for, is refused.
 * @throws {RequestError} 400
 */
export function textFields<Name extends string>(
  body: unknown,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const fields = objectOf(body);
  const extra = Object.keys(fields).find((name) => !names.includes(name as Name));
  if (extra !== undefined) throw new RequestError(400, `"${extra}" is not asked for.`);
  for (const name of names) {
    const value = fields[name];
    if (typeof value !== 'string' || value === '') {
      throw new RequestError(400, `"${name}" is missing, or is not a text.`);
    }
  }
  return fields as Readonly<Record<Name, string>>;
}

/** @throws {RequestError} 400 */
export function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError(400, 'The body is not a JSON object.');
  }
  return body as Readonly<Record<string, unknown>>;
}
