import { type Delivery, headerOf } from './delivery.ts';
import { Rejection } from './rejection.ts';
import { isSigned, signingKey } from './signature.ts';
import { readEntityEvent, readEnvelope, type TributaryEvent } from './tributary-event.ts';

export interface VerifierOptions {
  /** `whsec_…`, as createSubscriber told it; several while an old one is exchanged for a new one. */
  readonly secret: string | readonly string[];
  /** How far the time of signing may be from now, either way; 300 by default. */
  readonly toleranceSeconds?: number | undefined;
  /** The clock of the machine by default. */
  readonly now?: (() => Date) | undefined;
}

/** Gives the body of a request as text, once its signature is found good. */
export type Verifier = (delivery: Delivery) => string;

/**
 * Checks one event and reads it, for tools that do all else themselves.
 * @throws {Rejection} with the HTTP status to answer with
 */
export function verifyEvent<Data = Readonly<Record<string, unknown>>>({
  headers,
  body,
  ...options
}: VerifierOptions & Delivery): TributaryEvent<Data> {
  return readEntityEvent<Data>(readEnvelope(createVerifier(options)({ headers, body })));
}

/**
 * The verifier throws {@link Rejection}.
 * @throws {TypeError} for a secret that cannot be one
 */
export function createVerifier({
  secret,
  toleranceSeconds = 300,
  now = () => new Date(),
}: VerifierOptions): Verifier {
  const keys = [secret].flat().map(signingKey);
  if (keys.length === 0) throw new TypeError('The list of webhook secrets is empty.');
  return ({ headers, body }) => {
    const id = headerOf(headers, 'webhook-id');
    const timestamp = headerOf(headers, 'webhook-timestamp');
    const signature = headerOf(headers, 'webhook-signature');
    if (id === undefined || timestamp === undefined || signature === undefined) {
      throw new Rejection('HEADERS_MISSING');
    }
    if (!/^\d{1,12}$/.test(timestamp)) throw new Rejection('TIMESTAMP_INVALID');
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    // The signature comes first: only a true sender learns how our clocks differ.
    if (!isSigned(keys, signature, { id, timestamp }, bytes)) {
      throw new Rejection('SIGNATURE_INVALID');
    }
    checkTime(Number(timestamp), now().getTime() / 1000, toleranceSeconds);
    return typeof body === 'string' ? body : decode(body);
  };
}

function checkTime(signedAt: number, nowSeconds: number, toleranceSeconds: number): void {
  const ageSeconds = Math.round(nowSeconds - signedAt);
  if (Math.abs(ageSeconds) <= toleranceSeconds) return;
  throw new Rejection(
    'TIMESTAMP_OUT_OF_TOLERANCE',
    ageSeconds > 0
      ? `By the clock here it was ${ageSeconds} s ago, and ${toleranceSeconds} s are allowed.`
      : `By the clock here it will be in ${-ageSeconds} s, and ${toleranceSeconds} s are allowed.`,
  );
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Rejection('BODY_NOT_UTF8');
  }
}
