import { isPrivateAddress } from '../foundation/private-address.ts';

/** Why webhooks cannot be sent to an address; undefined where they can. */
export function problemOfUrl(text: string, allowPrivateHosts: boolean): string | undefined {
  if (text.length > 2_000) return 'The URL is longer than 2,000 characters.';
  // Parsers drop them, or take a path for the host, and call somewhere else than the text says.
  if (/[\p{Cc}\s\\]/u.test(text)) return 'The URL has blanks or characters that cannot be printed.';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:\/\/[^/]/i.test(text))
    return 'The URL has to begin with https:// or http:// and a host.';
  if (url.username !== '' || url.password !== '')
    return 'A URL with a user name or a password in it is written into too many logs. Deliveries are signed: check the signature instead.';
  if (url.hash !== '') return 'What follows a # in a URL is never sent. Leave it out.';
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  const isPrivate = isPrivateAddress(host) || /(^|\.)localhost\.?$/.test(host);
  return isPrivate && !allowPrivateHosts
    ? `${host} is inside this network, and such hosts may not be called.`
    : undefined;
}
