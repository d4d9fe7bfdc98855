import type { PlaceToGo } from '../../console/not-found-page.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Exchange } from './exchange.ts';
import { notFoundRoute } from './not-found.ts';
import type { Route } from './route.ts';

/**
 * Finds the route of a request, and notes its place in the exchange, also where the method is not allowed: paths that
 * clients make up would be series without end.
 * @throws PATH_NOT_FOUND, METHOD_NOT_ALLOWED
 */
export type FindRoute = (exchange: Exchange) => Route;

/** What leads to one path, or to whatever begins with a prefix. */
interface RoutedPlace {
  /** As log, metrics and traces tell it: the path, or the prefix and a star. */
  readonly name: string;
  readonly methods: Map<string, Route>;
}

export function createRouteTable(
  routes: readonly Route[],
  places: readonly PlaceToGo[] = [],
): FindRoute {
  const paths = new Map<string, RoutedPlace>();
  const prefixes = new Map<string, RoutedPlace>();
  for (const route of routes) {
    const [table, key, name] =
      'path' in route
        ? [paths, route.path, route.path]
        : [prefixes, route.prefix, `${route.prefix}*`];
    const place = table.get(key) ?? { name, methods: new Map<string, Route>() };
    table.set(key, place);
    place.methods.set(route.method, route);
  }
  const longestFirst = [...prefixes].toSorted(([a], [b]) => b.length - a.length);

  return (exchange) => {
    const { path } = exchange;
    const place = paths.get(path) ?? longestFirst.find(([prefix]) => path.startsWith(prefix))?.[1];
    if (place === undefined) {
      return notFoundRoute(exchange, [...paths.keys(), ...prefixes.keys()], places);
    }
    exchange.route = place.name;
    return place.methods.get(exchange.method) ?? answerOtherMethod(exchange, place.methods);
  };
}

/** HEAD is GET without a body; OPTIONS tells what there is; nothing else is allowed. */
function answerOtherMethod(exchange: Exchange, methods: RoutedPlace['methods']): Route {
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
