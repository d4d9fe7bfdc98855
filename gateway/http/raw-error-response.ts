import { STATUS_CODES } from 'node:http';
import { errorResponse } from './client-error.ts';

/** The bytes of an answer where no request came to be, and so no response object for one. The connection ends. */
export function rawErrorResponse(error: unknown, correlationId = ''): string {
  const { status, headers, body } = errorResponse(error, correlationId);
  const text = String(body);
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${text}`;
}
