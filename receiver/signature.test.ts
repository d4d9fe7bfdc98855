import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { isSigned, signatureOf, signingKey } from './signature.ts';
import { otherSecret, secret } from './testing/deliveries.ts';

const anyKey = fc.uint8Array({ minLength: 24, maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const anyId = fc.stringMatching(/^[\w:.-]{1,40}$/);
const anyBody = fc.string({ unit: 'grapheme' });
const now = new Date();
const timestamp = String(Math.floor(now.getTime() / 1000));

describe('a signature', () => {
  it('is the one of the example in the specification', () => {
    const headers = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: '1614265330' };
    const signature = signatureOf(
      signingKey(secret),
      headers,
      Buffer.from('{"test": 2432232314}', 'utf8'),
    );
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('of ours is good for another implementation, and of another for ours', () => {
    fc.assert(
      fc.property(anyKey, anyId, anyBody, (key, id, body) => {
        const encoded = `whsec_${key.toString('base64')}`;
        const theirs = new Webhook(encoded);
        const bytes = Buffer.from(body, 'utf8');
        const signature = signatureOf(signingKey(encoded), { id, timestamp }, bytes);
        const headers = {
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signature,
        };
        expect(() => theirs.verify(body, headers, { jsonParse: false })).not.toThrow();
        expect(isSigned([key], theirs.sign(id, now, body), { id, timestamp }, bytes)).toBe(true);
      }),
    );
  });

  it('is bound to id, time, body and key', () => {
    const key = signingKey(secret);
    const body = Buffer.from('{}');
    const header = new Webhook(secret).sign('msg_1', now, '{}');
    const isGood = (
      changes: Partial<{ id: string; timestamp: string; body: Buffer; key: Buffer }>,
    ): boolean => {
      const headers = { id: changes.id ?? 'msg_1', timestamp: changes.timestamp ?? timestamp };
      return isSigned([changes.key ?? key], header, headers, changes.body ?? body);
    };
    expect(isGood({})).toBe(true);
    expect(isGood({ id: 'msg_2' })).toBe(false);
    expect(isGood({ timestamp: String(Number(timestamp) + 1) })).toBe(false);
    expect(isGood({ body: Buffer.from('{ }') })).toBe(false);
    expect(isGood({ key: signingKey(otherSecret) })).toBe(false);
  });

  it('is found among those of old secrets and other versions', () => {
    const old = new Webhook(otherSecret).sign('msg_1', now, '{}');
    const current = new Webhook(secret).sign('msg_1', now, '{}');
    const header = `v1a,${'A'.repeat(86)} ${old} v1, v2,x ${current}`;
    const headers = { id: 'msg_1', timestamp };
    const body = Buffer.from('{}');
    expect(isSigned([signingKey(secret)], header, headers, body)).toBe(true);
    expect(isSigned([signingKey(otherSecret)], header, headers, body)).toBe(true);
    const ofAnotherVersion = current.replace('v1,', 'v2,');
    expect(isSigned([signingKey(secret)], ofAnotherVersion, headers, body)).toBe(false);
  });
});

describe('a secret', () => {
  it('may come without its prefix', () => {
    expect(signingKey(secret)).toEqual(signingKey(secret.replace('whsec_', '')));
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', `${secret}\n`, `whsec_${'ä'.repeat(40)}`])(
    'that cannot be one is refused without being shown: %j',
    (wrong) => {
      expect(() => signingKey(wrong)).toThrow(/createSubscriber/);
      expect(() => signingKey(wrong)).not.toThrow(/c2hvcnQ/);
    },
  );
});
