import type { IncomingHttpHeaders } from 'node:http';

/**
 * The credential that a client gave when it connected, as the headers that it would have sent: browsers cannot set
 * headers of a WebSocket. Names are read in any case, at the top or under `headers`. Undefined where there is none.
 */
export function credentialOf(
  parameters: Readonly<Record<string, unknown>> = {},
): IncomingHttpHeaders | undefined {
  const { headers } = parameters;
  const given = new Map([...textsOf(headers), ...textsOf(parameters)]);
  const authorization = given.get('authorization');
  const apiKey = given.get('x-api-key') ?? given.get('apikey');
  if (authorization === undefined && apiKey === undefined) return undefined;
  // What is not given is taken from nowhere else.
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(apiKey === undefined ? {} : { 'x-api-key': apiKey }),
  };
}

function textsOf(value: unknown): readonly (readonly [name: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name.toLowerCase(), text] as const] : [],
  );
}
