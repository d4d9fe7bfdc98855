import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

/**
 * An API key as its holder has it: `trib_<id>_<secret>`. The id names the key and is no secret; the secret is 256
 * random bits, so its plain SHA-256 can be stored: there is nothing to guess that salt or stretching would slow down.
 */
export interface ApiKeyToken {
  readonly id: string;
  readonly secret: string;
}

/** What every API key begins with; a bearer token that does is never taken for a JWT. */
export const apiKeyPrefix = 'trib_';

const idAlphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

export function generateToken(): ApiKeyToken {
  const id = Array.from({ length: 10 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('');
  return { id, secret: randomBytes(32).toString('base64url') };
}

export function formatToken({ id, secret }: ApiKeyToken): string {
  return `${apiKeyPrefix}${id}_${secret}`;
}

/** Undefined for text that cannot be an API key. */
export function parseToken(text: string): ApiKeyToken | undefined {
  const [, id, secret] = /^trib_([a-z0-9]{10})_([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Hexadecimal SHA-256 of a secret: what is stored of it. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in a time that does not depend on where the hashes differ. */
export function matchesHash(secret: string, secretSha256: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(secret), 'hex'), Buffer.from(secretSha256, 'hex'));
}
