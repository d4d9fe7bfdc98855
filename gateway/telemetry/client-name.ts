import type { IncomingHttpHeaders } from 'node:http';

/** What a client says that it is. Anybody may say anything. */
export interface ClientName {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

const nobody: ClientName = { name: undefined, version: undefined };

/** By the headers that Apollo's clients send, and by those that others do. */
export function clientOf(headers: Readonly<IncomingHttpHeaders>): ClientName {
  const name = headers['apollographql-client-name'] ?? headers['graphql-client-name'];
  const version = headers['apollographql-client-version'] ?? headers['graphql-client-version'];
  if (name === undefined && version === undefined) return nobody;
  return { name: clean(name), version: clean(version) };
}

const longest = 100;

/** Fit for a line of a log: no more than a name has, and no characters that a terminal would follow. */
function clean(value: string | readonly string[] | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value).slice(0, longest).replaceAll(/\p{C}/gu, '').trim();
  return text === '' ? undefined : text;
}
