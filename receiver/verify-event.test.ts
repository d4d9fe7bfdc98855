import { describe, expect, it } from 'vitest';
import { Rejection, verifyEvent, type RejectionCode } from './receiver.ts';
import { signatureOf, signingKey } from './signature.ts';
import {
  type Customer,
  deliveryOf,
  eventOf,
  otherSecret,
  secret,
  signedHeaders,
} from './testing/deliveries.ts';

const event = eventOf({ version: 3 });
const body = JSON.stringify(event);
const signedAt = new Date('2026-01-31T08:30:00Z');

function codeOf(work: () => unknown): RejectionCode | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Rejection) return error.code;
    throw error;
  }
}

function afterSeconds(seconds: number): RejectionCode | undefined {
  const now = (): Date => new Date(signedAt.getTime() + seconds * 1000);
  const headers = signedHeaders(body, { at: signedAt });
  return codeOf(() => verifyEvent({ secret, headers, body, now }));
}

describe('verifyEvent', () => {
  it('gives the event with the type of its data', () => {
    const verified = verifyEvent<Customer>({ secret, ...deliveryOf(event) });
    expect(verified).toEqual(event);
    expect(verified.data.email).toBe('ada@mail.example');
  });

  it('takes bytes or text, and headers as an object of any case or as Headers', () => {
    const headers = signedHeaders(body);
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    for (const variant of [headers, upper, new Headers(headers)]) {
      for (const form of [body, Buffer.from(body), new TextEncoder().encode(body)]) {
        expect(verifyEvent({ secret, headers: variant, body: form }).id).toBe(event.id);
      }
    }
  });

  it('takes a signature by any of several secrets, and none by another', () => {
    const headers = signedHeaders(body, { with: otherSecret });
    expect(verifyEvent({ secret: [secret, otherSecret], headers, body }).id).toBe(event.id);
    expect(codeOf(() => verifyEvent({ secret, headers, body }))).toBe('SIGNATURE_INVALID');
    expect(() => verifyEvent({ secret: [], headers, body })).toThrow(TypeError);
  });

  it('allows clocks to differ by five minutes, either way', () => {
    expect(afterSeconds(300)).toBeUndefined();
    expect(afterSeconds(-300)).toBeUndefined();
    expect(afterSeconds(302)).toBe('TIMESTAMP_OUT_OF_TOLERANCE');
    expect(afterSeconds(-302)).toBe('TIMESTAMP_OUT_OF_TOLERANCE');
  });

  it('says how far the clocks differ only to who can sign', () => {
    const now = (): Date => new Date(signedAt.getTime() + 3_600_000);
    const headers = signedHeaders(body, { at: signedAt });
    expect(() => verifyEvent({ secret, headers, body, now })).toThrow('3600 s ago');
    const forged = { ...headers, 'webhook-signature': 'v1,AAAA' };
    expect(codeOf(() => verifyEvent({ secret, headers: forged, body, now }))).toBe(
      'SIGNATURE_INVALID',
    );
  });

  it.each([
    ['without a header', { 'webhook-id': undefined }, 'HEADERS_MISSING'],
    ['with an empty header', { 'webhook-signature': '' }, 'HEADERS_MISSING'],
    ['with a header twice', { 'webhook-id': ['msg_1', 'msg_1'] }, 'HEADERS_MISSING'],
    ['with a time in words', { 'webhook-timestamp': 'now' }, 'TIMESTAMP_INVALID'],
    ['with a time before 1970', { 'webhook-timestamp': '-1' }, 'TIMESTAMP_INVALID'],
    ['with an endless time', { 'webhook-timestamp': '9'.repeat(400) }, 'TIMESTAMP_INVALID'],
    ['with another id', { 'webhook-id': 'msg_2' }, 'SIGNATURE_INVALID'],
    ['with half a signature', { 'webhook-signature': 'v1,g0hM9SsE' }, 'SIGNATURE_INVALID'],
    [
      'with very many signatures',
      { 'webhook-signature': 'v1,AAAA '.repeat(9999) },
      'SIGNATURE_INVALID',
    ],
  ] as const)('refuses a request %s', (_, changes, code) => {
    const headers = { ...signedHeaders(body), ...changes };
    expect(codeOf(() => verifyEvent({ secret, headers, body }))).toBe(code);
  });

  it.each([
    ['no JSON', '{', 'BODY_NOT_JSON'],
    ['nothing', '', 'BODY_NOT_JSON'],
    ['a list', '[]', 'EVENT_INVALID'],
    ['null', 'null', 'EVENT_INVALID'],
    [
      'another version of the format',
      JSON.stringify({ ...event, specversion: '2.0' }),
      'EVENT_INVALID',
    ],
    ['no type', JSON.stringify({ ...event, type: undefined }), 'EVENT_INVALID'],
    ['a type with a slash', JSON.stringify({ ...event, type: 'Customer/C1' }), 'EVENT_INVALID'],
    ['no subject', JSON.stringify({ ...event, subject: '' }), 'EVENT_INVALID'],
    ['a version as text', JSON.stringify({ ...event, entityversion: '3' }), 'EVENT_INVALID'],
    ['version 0', JSON.stringify({ ...event, entityversion: 0 }), 'EVENT_INVALID'],
    ['half a version', JSON.stringify({ ...event, entityversion: 1.5 }), 'EVENT_INVALID'],
    [
      'an endless version',
      body.replace('"entityversion":3', '"entityversion":1e999'),
      'EVENT_INVALID',
    ],
    ['data in a list', JSON.stringify({ ...event, data: [] }), 'EVENT_INVALID'],
    ['no data', JSON.stringify({ ...event, data: null }), 'EVENT_INVALID'],
  ])('refuses a signed body that is %s', (_, text, code) => {
    const headers = signedHeaders(text);
    expect(codeOf(() => verifyEvent({ secret, headers, body: text }))).toBe(code);
  });

  it('refuses bytes that are not UTF-8, though they are signed', () => {
    const bytes = Buffer.from([0x7b, 0xff, 0x7d]);
    const id = 'msg_1';
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      // The other implementation signs text only.
      'webhook-signature': signatureOf(signingKey(secret), { id, timestamp }, bytes),
    };
    expect(codeOf(() => verifyEvent({ secret, headers, body: bytes }))).toBe('BODY_NOT_UTF8');
  });
});
