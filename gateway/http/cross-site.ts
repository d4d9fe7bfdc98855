import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';

/**
 * Refuses a question that a page of another site may have made a browser send: by a link, a form, an image, or a
 * fetch whose answer the page will not see. It runs with whatever the browser brings along, be it a place on this
 * machine or the cookies of a proxy in front, it costs time, and how long it takes tells something.
 *
 * The rule, in the order in which it is asked:
 *
 * 1. A request with an `Origin` has passed `cors.ts`: the page is ours, or of an origin that the operator allows.
 *    Browsers send it with every POST, with every fetch whose answer the page can read, and with every WebSocket.
 * 2. `Sec-Fetch-Site` says where a request without one began. `same-origin` is a page of ours, and `none` a person
 *    who typed the address. Another port or name of the same site is somebody else's.
 * 3. Browsers before 2023, and all of them towards a plain http address that is not this machine, send no
 *    `Sec-Fetch-Site`. They cannot hide that they are browsers: a page that changes `User-Agent` has to ask first, by
 *    a preflight. Theirs is let in if `Referer`, which no page can set, names a page of ours.
 * 4. What is left comes from no browser: curl, a server, a tool. Nobody can misuse those.
 *
 * A GET that asks nothing is a person who opens the page. That a POST has to be JSON, which a page of another site
 * cannot send without a preflight, is checked where the body is read, and mutations are never run by GET.
 *
 * @throws CROSS_SITE_REQUEST
 */
export function refuseCrossSite({ incoming, method, search, origination }: Exchange): void {
  const { headers } = incoming;
  const asksNothing = method === 'GET' && search.length <= 1 && headers.upgrade === undefined;
  if (headers.origin !== undefined || asksNothing) return;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || site === 'none') return;
  if (site !== undefined) {
    throw raise('CROSS_SITE_REQUEST', { problem: `its Sec-Fetch-Site is ${site}` });
  }
  if (!isBrowser(headers['user-agent']) || isOwnPage(headers.referer, origination.host)) return;
  throw raise('CROSS_SITE_REQUEST', {
    problem:
      'it is of a browser, and neither Origin, Sec-Fetch-Site nor Referer says that a page of ours asks',
  });
}

/** What every browser has begun its name with since the last century. */
function isBrowser(userAgent = ''): boolean {
  return /^(mozilla|opera)\//i.test(userAgent.trim());
}

/** Schemes are not compared: behind a proxy that ends TLS we do not know ours. */
function isOwnPage(referer: string | undefined, host: string | undefined): boolean {
  const own = `http://${host ?? ''}`;
  if (referer === undefined || !URL.canParse(referer) || !URL.canParse(own)) return false;
  return new URL(referer).host === new URL(own).host;
}
