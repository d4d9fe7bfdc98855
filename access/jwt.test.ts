import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type CryptoKey,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { createJwtVerifier, type VerifyJwt } from './jwt.ts';

const issuer = 'https://idp.example';
const audience = 'tributary';
const settings = { issuer, audience, clockToleranceSeconds: 5 };

let directory: string;
let jwksFile: string;
let privateKey: CryptoKey;
let publicKey: JWK;
let verify: VerifyJwt;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-jwt-'));
  jwksFile = join(directory, 'jwks.json');
  const pair = await generateKeyPair('ES256');
  privateKey = pair.privateKey;
  publicKey = { ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' };
  writeFileSync(jwksFile, JSON.stringify({ keys: [publicKey] }));
  verify = createJwtVerifier({ ...settings, jwksFile }, systemClock);
});

afterAll(() => rmSync(directory, { recursive: true }));

function token(
  change: (token: SignJWT) => SignJWT = (same) => same,
  header: JWTHeaderParameters = { alg: 'ES256', kid: 'one' },
): SignJWT {
  const basis = new SignJWT({ role: 'analyst' })
    .setProtectedHeader(header)
    .setSubject('ada')
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('1h');
  return change(basis);
}

async function problemOf(text: string): Promise<string> {
  const error: unknown = await verify(text).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
  return String(error);
}

describe('a token', () => {
  it('names the caller and brings its claims', async () => {
    const caller = await verify(await token().sign(privateKey));
    expect(caller).toMatchObject({ kind: 'jwt', subject: 'ada', claims: { role: 'analyst' } });
  });

  it.each<[string, (token: SignJWT) => SignJWT, string]>([
    ['expired', (jwt) => jwt.setExpirationTime('-10s'), 'has expired'],
    ['not valid yet', (jwt) => jwt.setNotBefore('1h'), 'the claim "nbf"'],
    ['made for another audience', (jwt) => jwt.setAudience('payroll'), 'the claim "aud"'],
    ['of another issuer', (jwt) => jwt.setIssuer('https://evil.example'), 'the claim "iss"'],
    ['with an empty subject', (jwt) => jwt.setSubject(''), 'no subject'],
  ])('%s is refused', async (_, change, problem) => {
    expect(await problemOf(await token(change).sign(privateKey))).toContain(problem);
  });

  it('signed with a key that the issuer does not publish is refused', async () => {
    const signed = await token(undefined, { alg: 'ES256', kid: 'two' }).sign(privateKey);
    expect(await problemOf(signed)).toContain("not in the issuer's key set");
  });

  it('is accepted within the clock tolerance', async () => {
    const justExpired = await token((jwt) => jwt.setExpirationTime('-2s')).sign(privateKey);
    expect(await verify(justExpired)).toMatchObject({ kind: 'jwt' });
  });

  it('without expiry or subject is refused', async () => {
    const eternal = new SignJWT({ sub: 'ada', iss: issuer, aud: audience });
    const signed = await eternal.setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
    expect(await problemOf(signed)).toContain('lacks the claim "exp"');
  });

  it('without signature (alg none) is refused', async () => {
    const unsigned = new UnsecuredJWT({}).setSubject('ada').setIssuer(issuer).setAudience(audience);
    expect(await problemOf(unsigned.setExpirationTime('1h').encode())).toContain('algorithm');
  });

  it('signed with the public key as a shared secret is refused', async () => {
    const forged = token(undefined, { alg: 'HS256', kid: 'one' });
    const secret = new TextEncoder().encode(JSON.stringify(publicKey));
    expect(await problemOf(await forged.sign(secret))).toContain('algorithm');
  });

  it('with a forged signature, or that is no token, is refused', async () => {
    const [header, , signature] = (await token().sign(privateKey)).split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'eve' })).toString('base64url');
    expect(await problemOf(`${header}.${claims}.${signature}`)).toContain('signature');
    expect(await problemOf('rubbish')).toContain('neither an API key nor');
  });
});

describe('the key set', () => {
  it('in a file is read again when it changes', async () => {
    const file = join(directory, 'rotating.json');
    writeFileSync(file, JSON.stringify({ keys: [] }));
    const verifyRotating = createJwtVerifier({ ...settings, jwksFile: file }, systemClock);
    const signed = await token().sign(privateKey);
    await expect(verifyRotating(signed)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    writeFileSync(file, JSON.stringify({ keys: [publicKey] }));
    expect(await verifyRotating(signed)).toMatchObject({ subject: 'ada' });
  });

  it('that is missing or rubbish stops the start', () => {
    const file = join(directory, 'missing.json');
    const create = (): unknown => createJwtVerifier({ ...settings, jwksFile: file }, systemClock);
    expect(create).toThrow('there is no such file');
    writeFileSync(file, '[]');
    expect(create).toThrow(expect.objectContaining({ code: 'KEY_SET_INVALID' }));
  });

  it('behind a URL is fetched, and its failure is not blamed on the caller', async () => {
    let status = 500;
    const server: Server = createServer((_, response) => {
      response.writeHead(status).end(JSON.stringify({ keys: [publicKey] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const jwksUrl = `http://127.0.0.1:${port}/jwks`;
    const verifyRemote = createJwtVerifier({ ...settings, jwksUrl }, systemClock);
    const signed = await token().sign(privateKey);
    await expect(verifyRemote(signed)).rejects.toMatchObject({ code: 'KEY_SET_UNAVAILABLE' });
    status = 200;
    expect(await verifyRemote(signed)).toMatchObject({ subject: 'ada' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
