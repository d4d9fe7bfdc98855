import { entityTag, hasEntityTag } from '../http/entity-tag.ts';
import { isStream } from '../http/is-stream.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import { decimalsHeader } from '../graph/request-context.ts';

/** What else decides on an answer beside the URL; the front says the first itself where it is not said here. */
const vary = `Origin, Accept, Authorization, ${decimalsHeader}`;

/**
 * Lets a client keep an answer that it got by GET, and ask next time whether it is still the same: `304` without a
 * body when it is. For how long an answer will be right nobody knows, so that it has to ask each time; and since who
 * asks may decide on what is answered, nobody in between may keep it.
 * https://www.rfc-editor.org/rfc/rfc9111.html, https://www.rfc-editor.org/rfc/rfc9110.html#name-etag
 */
export function revalidated(request: FrontRequest, response: FrontResponse): FrontResponse {
  const { status, headers, body } = response;
  const mediaType = headers['content-type'] ?? '';
  const isAnswer = status === 200 && /json\b/.test(mediaType);
  if (request.method !== 'GET' || !isAnswer || isStream(body)) return response;
  const etag = entityTag(mediaType, body);
  const more = { etag, vary, 'cache-control': 'private, no-cache' };
  return hasEntityTag(request.headers['if-none-match'], etag)
    ? { status: 304, headers: more, body: '' }
    : { status, headers: { ...headers, ...more }, body };
}
