import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, type Delivery, jsonAnswer } from './delivery.ts';
import { Rejection } from './rejection.ts';

/** A sender that was refused may go on this long, so that it gets to read the refusal; then it is cut off. */
const patience = 16;

interface ListenerOptions {
  readonly handle: (delivery: Delivery) => Promise<Answer>;
  readonly maxBodyBytes: number;
}

/** Answers requests of `node:http`, and of what is built on it, on whatever path it is mounted. */
export function createListener(options: ListenerOptions) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answerOf(request, options).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      // The sender went away before all of its body was here: nobody is left to be answered.
      () => response.destroy(),
    );
  };
}

/** What a request that was not taken gets. */
export function refusalOf({ code, status, message, hint }: Rejection): Answer {
  const headers: Record<string, string> = {};
  if (code === 'METHOD_NOT_ALLOWED') headers['allow'] = 'POST';
  if (code === 'BUSY') headers['retry-after'] = '5';
  return jsonAnswer(status, { error: { code, message, hint } }, headers);
}

async function answerOf(
  request: IncomingMessage,
  { handle, maxBodyBytes }: ListenerOptions,
): Promise<Answer> {
  try {
    if (request.method !== 'POST') throw new Rejection('METHOD_NOT_ALLOWED');
    return await handle({
      headers: request.headers,
      body: await readBody(request, maxBodyBytes),
    });
  } catch (error) {
    if (error instanceof Rejection) return refusalOf(error);
    throw error;
  }
}

function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (request.readableDidRead) throw new Rejection('BODY_ALREADY_READ');
    const refuse = (): void =>
      reject(new Rejection('BODY_TOO_LARGE', `It takes ${maxBodyBytes} bytes.`));
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) refuse();
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    request.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      refuse();
      if (sizeBytes > patience * maxBodyBytes) request.destroy();
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => reject(new Error('The sender went away.')));
  });
}
