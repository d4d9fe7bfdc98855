import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';
import type { FrontResponse } from './route.ts';

const apolloStudioOrigins = [
  'https://studio.apollographql.com',
  'https://sandbox.embed.apollographql.com',
];

const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const preflightMaxAgeSeconds = '600';

/** Adds the CORS headers to the exchange. Returns the whole answer if the request is a preflight. */
export type ApplyCors = (exchange: Exchange) => FrontResponse | undefined;

/**
 * Lets pages of the configured origins read answers, and refuses those of others before anything runs: a browser
 * withholds the answer from a foreign page, but it sends the request, and a mutation would have happened.
 * @throws ORIGIN_NOT_ALLOWED
 */
export function createCors({ cors }: Config): ApplyCors {
  const allowed = new Set([...cors.origins, ...(cors.apolloStudio ? apolloStudioOrigins : [])]);
  return (exchange) => {
    const { incoming, origination, headers } = exchange;
    headers.vary = 'Origin';
    const { origin } = incoming.headers;
    if (origin === undefined || isSameOrigin(origin, origination.host)) return undefined;
    if (!allowed.has(origin)) throw raise('ORIGIN_NOT_ALLOWED', { origin });
    headers['access-control-allow-origin'] = origin;
    headers['access-control-expose-headers'] = 'etag, retry-after, x-request-id';
    return incoming.method === 'OPTIONS' ? answerPreflight(exchange) : undefined;
  };
}

/** Schemes are not compared: behind a proxy that ends TLS we do not know ours. The host names the site. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && /^https?:\/\/(.+)$/.exec(origin)?.[1] === host.toLowerCase();
}

function answerPreflight({ incoming }: Exchange): FrontResponse | undefined {
  const { headers } = incoming;
  if (headers['access-control-request-method'] === undefined) return undefined;
  const requested = headers['access-control-request-headers'];
  const isFromPublicNetwork = headers['access-control-request-private-network'] === 'true';
  return {
    status: 204,
    headers: {
      vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Private-Network',
      'access-control-allow-methods': allowedMethods,
      'access-control-max-age': preflightMaxAgeSeconds,
      // Any header is fine from an origin that is allowed: there are no cookies to protect here.
      ...(requested !== undefined && { 'access-control-allow-headers': requested }),
      ...(isFromPublicNetwork && { 'access-control-allow-private-network': 'true' }),
    },
    body: '',
  };
}
