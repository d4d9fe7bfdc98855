import Negotiator from 'negotiator';
import {
  notFoundPage,
  notFoundPageHeaders,
  type NotFound,
  type PlaceToGo,
} from '../../console/not-found-page.ts';
import { didYouMean, nearestName } from '../../foundation/errors/did-you-mean.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';

/**
 * What is found where there is nothing: a page for browsers, an error for everybody else.
 * @throws PATH_NOT_FOUND
 */
export function notFoundRoute(
  { method, path, incoming }: Exchange,
  known: readonly string[],
  places: readonly PlaceToGo[],
): Route {
  if (method !== 'GET' || !wantsPage(incoming.headers.accept))
    throw raise('PATH_NOT_FOUND', { path, suggestion: didYouMean(path, known) });
  return pageRoute({ path, nearest: nearestName(path, known) }, places);
}

function pageRoute(found: NotFound, places: readonly PlaceToGo[]): Route {
  return {
    method: 'GET',
    path: found.path,
    admits: 'anyone',
    handle: ({ noteFacts }) => {
      noteFacts?.({ errorCodes: ['PATH_NOT_FOUND'] });
      return { status: 404, headers: notFoundPageHeaders, body: notFoundPage(found, places) };
    },
  };
}

/** Browsers ask for HTML by name; programs that take anything are better off with JSON. */
function wantsPage(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('text/html')) return false;
  const types = ['application/json', 'text/html'];
  return new Negotiator({ headers: { accept } }).mediaType(types) === 'text/html';
}
