import { createHmac } from 'node:crypto';

const prefix = 'whsec_';

/**
 * The text of a secret, as Standard Webhooks has it: https://www.standardwebhooks.com
 * @param bytes 24 to 64 random ones
 */
export function secretText(bytes: Uint8Array): string {
  if (bytes.length < 24 || bytes.length > 64)
    throw new TypeError(`A secret has 24 to 64 bytes, and these are ${bytes.length}.`);
  return prefix + Buffer.from(bytes).toString('base64');
}

interface SignedContent {
  /** The event's id. */
  readonly id: string;
  readonly timestampS: number;
  readonly body: string;
}

/** The header `webhook-signature`. */
export function signatureOf({ id, timestampS, body }: SignedContent, secret: string): string {
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64');
  return `v1,${digest}`;
}
