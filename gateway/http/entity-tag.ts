import { createHash } from 'node:crypto';

/** A strong one: two bodies of one media type have the same when they are the same to the byte. */
export function entityTag(
  mediaType: string,
  body: string | readonly Uint8Array[] | Uint8Array,
): string {
  const hash = createHash('sha256').update(mediaType);
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  for (const piece of pieces) hash.update(piece);
  return `"${hash.digest('base64url').slice(0, 22)}"`;
}

/** Whether the header `If-None-Match` has it. Proxies that compress weaken a tag, and may send several. */
export function hasEntityTag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((tag) => {
    const text = tag.trim();
    return text === '*' || text.replace(/^W\//, '') === etag;
  });
}
