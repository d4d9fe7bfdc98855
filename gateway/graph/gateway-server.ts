import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import type { Log } from '../../foundation/log.ts';
import { prepareSupergraph } from '../../registry/strip-access-links.ts';
import { landingPage } from './landing-page.ts';
import { maskErrors } from './mask-errors.ts';
import type { RequestContext } from './request-context.ts';

interface GatewayServerOptions {
  readonly supergraphSdl: string;
  /** The way to a subgraph, by its name and its routing URL. */
  readonly sourceOf: (name: string, url: string) => GraphQLDataSource<RequestContext>;
  readonly introspection: boolean;
  readonly queryPlanCacheMb: number;
  readonly log: Log;
}

/** Apollo Server over Apollo's gateway: parses, validates, plans, fetches through the sources, puts together. */
export function gatewayServer(options: GatewayServerOptions): ApolloServer<RequestContext> {
  const { supergraphSdl } = prepareSupergraph(options.supergraphSdl);
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ name, url }) => options.sourceOf(name, url ?? ''),
    logger: quietLogger(options.log),
    experimental_approximateQueryPlanStoreMiB: options.queryPlanCacheMb,
  });
  return new ApolloServer<RequestContext>({
    gateway,
    introspection: options.introspection,
    formatError: maskErrors(options.log),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: quietLogger(options.log),
    plugins: [landingPage()],
  });
}

/** Apollo's start-up chatter goes to the debug level; what it warns of stays a warning. */
function quietLogger(log: Log) {
  const child = log.child({ component: 'apollo' });
  return {
    debug: (message: unknown) => child.trace(String(message)),
    info: (message: unknown) => child.debug(String(message)),
    warn: (message: unknown) => child.warn(String(message)),
    error: (message: unknown) => child.error(String(message)),
  };
}
