import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Clock } from '../foundation/clock.ts';
import type { Config } from '../foundation/config/schema.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import type { Caller } from './caller.ts';
import { FileOnChange } from './file-on-change.ts';

type JwtSettings = NonNullable<Config['access']['jwt']>;

/**
 * Tells the caller from a JSON Web Token.
 * @throws UNAUTHENTICATED, KEY_SET_UNAVAILABLE, KEY_SET_INVALID
 */
export type VerifyJwt = (token: string) => Promise<Caller>;

/** Signatures that only the issuer's private key can make; with a shared secret, our own key set could forge tokens. */
const algorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** So long a key is good that its issuer has withdrawn. */
const keptMs = 300_000;

/**
 * Accepts tokens of one issuer for one audience. A token has to expire and to name a subject. A key set in a file is
 * read now, and again whenever it changes; one behind a URL is fetched when the first token comes, kept for five
 * minutes, and fetched again for an unknown key at most every thirty seconds.
 * @throws KEY_SET_INVALID
 */
export function createJwtVerifier(settings: JwtSettings, clock: Clock): VerifyJwt {
  const findKey = createKeyFinder(settings);
  return async (token) => {
    const payload = await verify(token, findKey, settings, clock);
    if (typeof payload.sub !== 'string' || payload.sub === '') {
      throw raise('UNAUTHENTICATED', { problem: 'the token names no subject (sub)' });
    }
    return { kind: 'jwt', subject: payload.sub, claims: payload };
  };
}

function createKeyFinder({ jwksUrl, jwksFile }: JwtSettings): JWTVerifyGetKey {
  if (jwksFile === undefined)
    return createRemoteJWKSet(new URL(jwksUrl ?? ''), { cacheMaxAge: keptMs });
  const keySet = new FileOnChange(jwksFile, (text) => parseKeySet(jwksFile, text));
  keySet.read();
  return async (header, token) => keySet.read()(header, token);
}

function parseKeySet(file: string, text: string | undefined): JWTVerifyGetKey {
  if (text === undefined) {
    throw raise('KEY_SET_INVALID', { source: file, problem: 'there is no such file.' });
  }
  try {
    return createLocalJWKSet(JSON.parse(text));
  } catch (error) {
    const problem = error instanceof SyntaxError ? 'it is not JSON.' : `${String(error)}.`;
    throw raise('KEY_SET_INVALID', { source: file, problem }, { cause: error });
  }
}

async function verify(
  token: string,
  findKey: JWTVerifyGetKey,
  settings: JwtSettings,
  clock: Clock,
): Promise<JWTPayload> {
  const { issuer, audience, clockToleranceSeconds: clockTolerance } = settings;
  const options = { issuer, audience, algorithms, clockTolerance, requiredClaims: ['exp', 'sub'] };
  try {
    const { payload } = await jwtVerify(token, findKey, { ...options, currentDate: clock.now() });
    return payload;
  } catch (error) {
    throw toTributaryError(error, settings);
  }
}

function toTributaryError(error: unknown, { jwksUrl, jwksFile }: JwtSettings): TributaryError {
  if (error instanceof TributaryError) return error;
  const problem = describeTokenProblem(error);
  if (problem !== undefined) return raise('UNAUTHENTICATED', { problem }, { cause: error });
  const isBadKey = error instanceof errors.JWKSInvalid || error instanceof errors.JWKInvalid;
  if (isBadKey || jwksUrl === undefined) {
    const source = jwksFile ?? jwksUrl ?? '';
    return raise('KEY_SET_INVALID', { source, problem: `${String(error)}.` }, { cause: error });
  }
  return raise('KEY_SET_UNAVAILABLE', {}, { cause: error });
}

/** What is wrong with the token; undefined when the key set is at fault and not the token. */
function describeTokenProblem(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? `the token lacks the claim "${error.claim}"`
      : `the claim "${error.claim}" of the token is not what this server accepts`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'the signature of the token is wrong';
  }
  if (error instanceof errors.JWKSNoMatchingKey) {
    return "the token is signed with a key that is not in the issuer's key set";
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return 'the token does not say with which key (kid) it is signed, and several fit';
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return 'the token is not signed with an algorithm that this server accepts';
  }
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) {
    return 'this is neither an API key nor a valid JSON Web Token';
  }
  return undefined;
}
