import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../foundation/clock.ts';
import type { Config } from '../foundation/config/schema.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { apiKeyPrefix } from './api-key-token.ts';
import type { Caller, CallerEvidence, IdentifyCaller } from './caller.ts';
import { isForwardedRequest } from './forwarding.ts';
import { createJwtVerifier } from './jwt.ts';
import type { KeyStore } from './key-store.ts';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';

interface IdentifyCallerOptions {
  readonly config: Config;
  readonly keyStore: KeyStore;
  readonly clock: Clock;
}

/**
 * Makes the function that tells who is calling. A credential that is given has to be right, also where none is
 * needed: nobody becomes anonymous by mistake.
 * @throws KEY_SET_INVALID
 */
export function createCallerIdentifier({
  config,
  keyStore,
  clock,
}: IdentifyCallerOptions): IdentifyCaller {
  const verifyJwt = config.access.jwt && createJwtVerifier(config.access.jwt, clock);
  const isLocalServer = isLoopbackHost(config.server.host);
  const { routerSecret } = config.subgraphs;

  /** A proxy on this machine connects from loopback too, whoever stands behind it. */
  const isOnThisMachine = ({ headers, remoteAddress }: CallerEvidence): boolean =>
    isLocalServer && isLoopbackAddress(remoteAddress ?? '') && !isForwardedRequest(headers);

  return async (evidence) => {
    if (evidence.admits === 'routers') {
      if (!isLocalServer && routerSecret === undefined) throw raise('SUBGRAPHS_CLOSED', {});
      const router = identifyRouter(evidence.headers, routerSecret);
      if (router !== undefined) return router;
      if (!isLocalServer) throw refuseRouter('is missing');
    }
    const credential = readCredential(evidence.headers);
    if (credential === undefined) {
      if (isOnThisMachine(evidence)) return { kind: 'anonymous' };
      throw raise('UNAUTHENTICATED', { problem: 'the request carries no credential' });
    }
    if (credential.isApiKey) return keyStore.authenticate(credential.token);
    if (verifyJwt !== undefined) return verifyJwt(credential.token);
    throw raise('UNAUTHENTICATED', {
      problem: 'the bearer token is no API key, and this server accepts no JSON Web Tokens',
    });
  };
}

interface Credential {
  readonly token: string;
  readonly isApiKey: boolean;
}

function readCredential(headers: Readonly<IncomingHttpHeaders>): Credential | undefined {
  const { authorization, 'x-api-key': keyHeader } = headers;
  const bearer = authorization === undefined ? undefined : readBearer(authorization);
  const apiKey = Array.isArray(keyHeader) ? keyHeader.join(', ') : keyHeader;
  if (apiKey !== undefined && bearer !== undefined && apiKey !== bearer) {
    throw raise('UNAUTHENTICATED', {
      problem: 'the headers authorization and x-api-key carry different credentials',
    });
  }
  const token = apiKey ?? bearer;
  if (token === undefined) return undefined;
  return { token, isApiKey: apiKey !== undefined || token.startsWith(apiKeyPrefix) };
}

function readBearer(authorization: string): string {
  const [, token] = /^bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token !== undefined) return token;
  throw raise('UNAUTHENTICATED', {
    problem: 'the header authorization has not the form "Bearer TOKEN"',
  });
}

function identifyRouter(
  headers: Readonly<IncomingHttpHeaders>,
  routerSecret: string | undefined,
): Caller | undefined {
  const given = headers['x-tributary-router-secret'];
  if (given === undefined) return undefined;
  if (routerSecret !== undefined && isSameSecret(String(given), routerSecret)) {
    return { kind: 'router' };
  }
  throw refuseRouter(routerSecret === undefined ? 'is given, but none is set here' : 'is wrong');
}

function refuseRouter(problem: string): Error {
  return raise('UNAUTHENTICATED', {
    problem: `the router secret in the header x-tributary-router-secret ${problem}`,
  });
}

/** Hashing first gives both the same length, which the comparison in constant time needs. */
function isSameSecret(given: string, secret: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(secret));
}
