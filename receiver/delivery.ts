/** Headers as Node, fetch or a framework gives them. Names are compared without regard to case. */
export type DeliveryHeaders =
  | Headers
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request with an event. */
export interface Delivery {
  readonly headers: DeliveryHeaders;
  /** As it came over the wire: what was parsed and written again has another signature. */
  readonly body: string | Uint8Array;
}

/** What is sent back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The value of a header; undefined when it is missing, empty, or there more than once. */
export function headerOf(headers: DeliveryHeaders, name: string): string | undefined {
  const value = headers instanceof Headers ? headers.get(name) : findHeader(headers, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function jsonAnswer(
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(json),
  };
}

function findHeader(
  headers: Exclude<DeliveryHeaders, Headers>,
  name: string,
): string | readonly string[] | undefined {
  return (
    headers[name] ?? Object.entries(headers).find(([other]) => other.toLowerCase() === name)?.[1]
  );
}
