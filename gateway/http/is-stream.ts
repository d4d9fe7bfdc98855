import type { FrontResponse } from './route.ts';

/** Whether a body is written as it comes. */
export function isStream(body: FrontResponse['body']): body is AsyncIterable<string> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}
