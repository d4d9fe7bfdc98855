import { consoleAssets } from '../console/console-assets.ts';
import {
  frameAncestors,
  graphiqlPage,
  graphiqlPageHeaders,
  graphiqlPath,
} from '../console/graphiql-page.ts';
import { markSvg } from '../console/mark.ts';
import type { PlaceToGo } from '../console/not-found-page.ts';
import type { Config } from '../foundation/config/schema.ts';
import type { MotionServices } from '../motion/motion-services.ts';
import { answerQuestions } from './subscriptions/answer-questions.ts';
import type { CurrentGraph } from './graph/current-graph.ts';
import { revalidated } from './answer/revalidated-answer.ts';
import { hasEntityTag } from './http/entity-tag.ts';
import { eventRoute } from './http/event-route.ts';
import { healthRoutes } from './http/health-routes.ts';
import { metricsRoute, type ReadMetrics } from './http/metrics-route.ts';
import { pushRoute } from './http/push-route.ts';
import type { FrontRequest, FrontResponse, Route } from './http/route.ts';

export const graphqlPath = '/graphql';
export const subgraphsPath = '/subgraphs/';

/** Of every route that answers questions. */
const isClosedToOtherSites = true;
const forRouters = { admits: 'routers', isClosedToOtherSites } as const;

/** What the routes of all that moves need. */
export interface MotionRoutes {
  readonly services: MotionServices;
  readonly config: Config;
}

/**
 * Everything that the server answers: where a path leads.
 *
 * @param motion not there where the server keeps no lake
 */
export function serverRoutes(
  current: CurrentGraph,
  metrics: ReadMetrics,
  motion?: MotionRoutes,
): readonly Route[] {
  const answer = answerQuestions(current);
  const answerByGet = async (request: FrontRequest): Promise<FrontResponse> =>
    revalidated(request, await answer(request));
  const frontPage = async (request: FrontRequest): Promise<FrontResponse> => {
    const page = await answer(asBrowser(request));
    return { ...page, headers: { ...page.headers, 'content-security-policy': frameAncestors } };
  };
  const answerSubgraph = (request: FrontRequest): Promise<FrontResponse> =>
    current.use((graph) =>
      graph.answerSubgraph(request.path.slice(subgraphsPath.length).replace(/\/$/, ''), request),
    );
  return [
    { method: 'POST', path: graphqlPath, isClosedToOtherSites, handle: answer },
    { method: 'GET', path: graphqlPath, isClosedToOtherSites, handle: answerByGet },
    { method: 'POST', path: '/', isClosedToOtherSites, handle: answer },
    { method: 'GET', path: '/', admits: 'anyone', handle: frontPage },
    { method: 'POST', prefix: subgraphsPath, ...forRouters, handle: answerSubgraph },
    { method: 'GET', prefix: subgraphsPath, ...forRouters, handle: answerSubgraph },
    metricsRoute(metrics),
    ...(motion === undefined ? [] : motionRoutes(motion)),
    ...consoleRoutes(current),
    iconRoute,
    ...healthRoutes({ isReady: () => true }),
  ];
}

const endpoint: PlaceToGo = {
  path: graphqlPath,
  name: 'The graph',
  about: 'where programs send their questions, by POST',
};

/** What a person finds on the server. */
export const serverPlaces: readonly PlaceToGo[] = [
  { ...endpoint, about: `${endpoint.about}; in a browser, Apollo Sandbox` },
  { path: graphiqlPath, name: 'The console', about: 'GraphiQL, with the documents of the schema' },
];

/** Of a server that serves one subgraph alone. */
export const subgraphPlaces: readonly PlaceToGo[] = [endpoint];

function motionRoutes({ services, config }: MotionRoutes): readonly Route[] {
  const { maxPushBytes, maxPushRatio, pushIdleTimeoutMs } = config.sync;
  return [
    eventRoute(services.events),
    pushRoute(services.sync, {
      maxBytes: maxPushBytes,
      maxRatio: maxPushRatio,
      idleTimeoutMs: pushIdleTimeoutMs,
    }),
  ];
}

/** What a server answers that serves one subgraph alone. */
export function subgraphRoutes(
  current: CurrentGraph,
  name: string,
  metrics: ReadMetrics,
): readonly Route[] {
  const handle = (request: FrontRequest): Promise<FrontResponse> =>
    current.use((graph) => graph.answerSubgraph(name, request));
  return [
    ...['/', graphqlPath].flatMap((path): readonly Route[] => [
      { method: 'POST', path, ...forRouters, handle },
      { method: 'GET', path, ...forRouters, handle },
    ]),
    metricsRoute(metrics),
    iconRoute,
    ...healthRoutes({ isReady: () => true }),
  ];
}

/** Where browsers look for an icon by themselves, such as for an answer that is no page. */
const iconRoute: Route = {
  method: 'GET',
  path: '/favicon.ico',
  admits: 'anyone',
  handle: () => ({
    status: 200,
    headers: { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' },
    body: markSvg,
  }),
};

/** The front page is a page and nothing else, whoever asks: questions by GET go to `/graphql`. */
function asBrowser(request: FrontRequest): FrontRequest {
  return { ...request, search: '', headers: { ...request.headers, accept: 'text/html' } };
}

function consoleRoutes(current: CurrentGraph): readonly Route[] {
  const assets = [...consoleAssets()].map(([path, { contentType, body, etag }]): Route => ({
    method: 'GET',
    path,
    admits: 'anyone',
    handle: ({ headers }) => {
      const isKnown = hasEntityTag(headers['if-none-match'], etag);
      return {
        status: isKnown ? 304 : 200,
        headers: { 'content-type': contentType, etag, 'cache-control': 'no-cache' },
        body: isKnown ? '' : body,
      };
    },
  }));
  return [
    {
      method: 'GET',
      path: graphiqlPath,
      admits: 'anyone',
      handle: () => ({
        status: 200,
        headers: graphiqlPageHeaders,
        body: graphiqlPage({ endpoint: graphqlPath, example: current.example }),
      }),
    },
    ...assets,
  ];
}
