import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';

type Claims = Readonly<Record<string, unknown>>;

/** For the tests of one `describe`: an identity provider whose key set is in a file. */
export class TokenIssuer {
  readonly #privateKey: KeyObject;
  readonly #jwt = { issuer: 'https://issuer.example.com/', audience: 'tributary' };
  readonly #jwksFile: string;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = privateKey;
    this.#jwksFile = join(sharedTempFolder(), 'jwks.json');
    const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256' };
    writeFileSync(this.#jwksFile, JSON.stringify({ keys: [key] }));
  }

  /** Settings of a server that accepts its tokens. */
  get settings(): NonNullable<NonNullable<PartialConfig['access']>['jwt']> {
    return { ...this.#jwt, jwksFile: this.#jwksFile };
  }

  sign(claims: Claims = {}, lifetime = '1h'): Promise<string> {
    const { issuer, audience } = this.#jwt;
    return new SignJWT({ sub: 'ana', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(lifetime)
      .sign(this.#privateKey);
  }

  /** What a caller sends who has such a token. */
  async headers(claims: Claims = {}): Promise<Readonly<Record<string, string>>> {
    return { authorization: `Bearer ${await this.sign(claims)}` };
  }
}
