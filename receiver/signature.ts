import { createHmac, timingSafeEqual } from 'node:crypto';

const secretPrefix = 'whsec_';

/** The specification asks for 24 to 64 random bytes. */
const leastKeyBytes = 24;

/** What a signature is made over, besides the body: both are bound by it and cannot be exchanged. */
export interface SignedHeaders {
  readonly id: string;
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
}

/**
 * The key that stands in a secret, in base64 behind `whsec_`.
 * @throws {TypeError} for a secret that cannot be one; it is never shown.
 */
export function signingKey(secret: string): Buffer {
  const encoded = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret;
  const key = Buffer.from(encoded, 'base64');
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(encoded);
  if (!isBase64 || key.length < leastKeyBytes) {
    throw new TypeError(
      `The webhook secret is not "${secretPrefix}" and at least ${leastKeyBytes} bytes in base64. ` +
        'Take the one that the mutation createSubscriber told, without spaces or line breaks around it.',
    );
  }
  return key;
}

/**
 * A signature of version 1, as it stands in the header `webhook-signature`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 */
export function signatureOf(key: Uint8Array, headers: SignedHeaders, body: Uint8Array): string {
  return `v1,${digestOf(key, headers, body).toString('base64')}`;
}

/**
 * Whether one of the signatures in the header fits one of the keys. While a secret is exchanged for a new one there
 * are several of both; signatures of other versions are passed over.
 */
export function isSigned(
  keys: readonly Uint8Array[],
  header: string,
  headers: SignedHeaders,
  body: Uint8Array,
): boolean {
  const digests = keys.map((key) => digestOf(key, headers, body));
  const candidates = header
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'));
  return candidates.some((candidate) =>
    digests.some(
      (digest) => candidate.length === digest.length && timingSafeEqual(candidate, digest),
    ),
  );
}

function digestOf(key: Uint8Array, { id, timestamp }: SignedHeaders, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
}
