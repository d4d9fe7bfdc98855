import type { IncomingHttpHeaders } from 'node:http';

export interface JsonRequest {
  /** Of `/customers/:id`: `{ id }`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Undefined for GET. */
  readonly body: unknown;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Parts that begin with a colon match anything. */
  readonly path: string;
  readonly handle: (request: JsonRequest) => JsonAnswer | Promise<JsonAnswer>;
}

interface FoundRoute {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): FoundRoute | undefined {
  for (const route of routes) {
    const parameters = route.method === method ? match(route.path, path) : undefined;
    if (parameters !== undefined) return { route, parameters };
  }
  return undefined;
}

function match(pattern: string, path: string): Readonly<Record<string, string>> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/').map(decode);
  if (names.length !== parts.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, name] of names.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (name.startsWith(':')) parameters.push([name.slice(1), part]);
    else if (name !== part) return undefined;
  }
  return Object.fromEntries(parameters);
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
