import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualTime } from '../foundation/testing/manual-time.ts';
import { createJwtVerifier, type VerifyJwt } from './jwt.ts';
import { watchCaller } from './watch-caller.ts';

const settings = { issuer: 'https://idp.example', audience: 'tributary', clockToleranceSeconds: 0 };
const minuteMs = 60_000;

let directory: string;
let privateKey: CryptoKey;
let withdrawn: JWK;
let other: JWK;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-watch-'));
  const pair = await generateKeyPair('ES256');
  ({ privateKey } = pair);
  withdrawn = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
  const next = await generateKeyPair('ES256');
  other = { ...(await exportJWK(next.publicKey)), kid: 'two', alg: 'ES256' };
});

afterAll(() => rmSync(directory, { recursive: true }));

/** A stream of a caller with a token for a day, and what it was ended with. */
async function watchToken(verify: VerifyJwt, time: ManualTime) {
  const nowSeconds = Math.floor(time.now().getTime() / 1_000);
  const token = await new SignJWT({ iss: settings.issuer, aud: settings.audience, sub: 'ana' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setExpirationTime(nowSeconds + 86_400)
    .sign(privateKey);
  const ended: unknown[] = [];
  let looks = 0;
  const stop = watchCaller({
    caller: await verify(token),
    identify: async () => {
      looks++;
      return verify(token);
    },
    onRefused: (error) => ended.push(error),
    clock: time,
    scheduler: time,
  });
  onTestFinished(stop);
  return { ended, looks: () => looks };
}

const refused = {
  code: 'UNAUTHENTICATED',
  message: expect.stringContaining("not in the issuer's key set"),
};

describe('what goes on for the bearer of a token', () => {
  it('ends within a minute after its key was taken out of the key set, long before it expires', async () => {
    const jwksFile = join(directory, 'jwks.json');
    const publish = (keys: readonly JWK[]): void =>
      writeFileSync(jwksFile, JSON.stringify({ keys }));
    publish([withdrawn, other]);
    const time = new ManualTime();
    const { ended, looks } = await watchToken(
      createJwtVerifier({ ...settings, jwksFile }, time),
      time,
    );
    await time.advance(minuteMs / 2);
    // The next look is planned when this one is over.
    await expect.poll(() => [looks(), time.waiting]).toEqual([1, 1]);
    expect(ended).toEqual([]);
    publish([other]);
    await time.advance(minuteMs);
    await expect.poll(() => ended).toMatchObject([refused]);
  });

  it('goes on while the key set cannot be read, and is looked at no more often than twice a minute', async () => {
    const jwksFile = join(directory, 'broken.json');
    writeFileSync(jwksFile, JSON.stringify({ keys: [withdrawn] }));
    const time = new ManualTime();
    const verify = createJwtVerifier({ ...settings, jwksFile }, time);
    const { ended, looks } = await watchToken(verify, time);
    writeFileSync(jwksFile, '{');
    await time.advance(10 * minuteMs);
    expect(ended).toEqual([]);
    expect(looks()).toBeGreaterThan(5);
    expect(looks()).toBeLessThanOrEqual(20);
    await time.advance(24 * 60 * minuteMs);
    expect(ended).toHaveLength(1);
  });

  it('ends when a key set behind a URL is read again without its key', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    onTestFinished(() => void vi.useRealTimers());
    let keys = [withdrawn, other];
    let reads = 0;
    const server = createServer((_, response) => {
      reads++;
      response.end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const time = new ManualTime();
    const jwksUrl = `http://127.0.0.1:${port}/jwks`;
    const { ended, looks } = await watchToken(
      createJwtVerifier({ ...settings, jwksUrl }, time),
      time,
    );
    keys = [other];
    await time.advance(minuteMs / 2);
    // The next look is planned when this one is over.
    await expect.poll(() => [looks(), time.waiting]).toEqual([1, 1]);
    expect([reads, ended]).toEqual([1, []]);
    vi.setSystemTime(Date.UTC(2026, 0, 1, 0, 6));
    await time.advance(minuteMs);
    await expect.poll(() => ended).toMatchObject([refused]);
    expect(reads).toBe(2);
  });
});
