import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';

/**
 * Finds the route of a request.
 * @throws PATH_NOT_FOUND, METHOD_NOT_ALLOWED
 */
export type FindRoute = (exchange: Exchange) => Route;

type RoutesByMethod = Map<string, Route>;

export function createRouteTable(routes: readonly Route[]): FindRoute {
  const paths = new Map<string, RoutesByMethod>();
  const prefixes = new Map<string, RoutesByMethod>();
  for (const route of routes) {
    const [table, key] = 'path' in route ? [paths, route.path] : [prefixes, route.prefix];
    const methods = table.get(key) ?? new Map<string, Route>();
    table.set(key, methods.set(route.method, route));
  }
  const longestFirst = [...prefixes].toSorted(([a], [b]) => b.length - a.length);

  return (exchange) => {
    const { path } = exchange;
    const methods =
      paths.get(path) ?? longestFirst.find(([prefix]) => path.startsWith(prefix))?.[1];
    if (methods === undefined) {
      const suggestion = didYouMean(path, [...paths.keys(), ...prefixes.keys()]);
      throw raise('PATH_NOT_FOUND', { path, suggestion });
    }
    return methods.get(exchange.method) ?? answerOtherMethod(exchange, methods);
  };
}

/** HEAD is GET without a body; OPTIONS tells what there is; nothing else is allowed. */
function answerOtherMethod(exchange: Exchange, methods: RoutesByMethod): Route {
  const { path } = exchange;
  const method = exchange.incoming.method ?? '';
  const allowed = [...methods.keys(), ...(methods.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(
    ', ',
  );
  exchange.headers.allow = allowed;
  if (method !== 'OPTIONS') throw raise('METHOD_NOT_ALLOWED', { path, method, allowed });
  const handle: Route['handle'] = () => ({ status: 204, headers: {}, body: '' });
  return { method: 'GET', path, admits: 'anyone', handle };
}
