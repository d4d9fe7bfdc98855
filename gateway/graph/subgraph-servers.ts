import './no-reports.ts';
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { GraphQLSchema } from 'graphql';
import type { SubgraphService } from '../../domains/build-subgraph.ts';
import type { SubgraphContext } from '../../domains/subgraph-context.ts';
import type { LedgerContext } from '../../motion/ledger-context.ts';
import type { Log } from '../../foundation/log.ts';
import type { Hub } from '../../hub/hub.ts';
import type { LimitSettings } from '../limits/limits.ts';
import { limitIntrospection } from '../request/limit-introspection.ts';
import { markJsonTexts } from '../answer/mark-json-texts.ts';
import { maskErrors } from '../answer/mask-errors.ts';
import { plainJsonStatus } from '../answer/plain-json-status.ts';
import { quietLogger } from './quiet-logger.ts';
import type { RequestContext } from './request-context.ts';
import {
  findSubscriptions,
  keepSubscriptions,
  type WishContext,
} from '../subscriptions/stream-wish.ts';
import { tellFreshness, type FreshnessContext } from '../answer/tell-freshness.ts';

interface SubgraphServerOptions {
  readonly limits: Pick<LimitSettings, 'tokens' | 'introspection'>;
  readonly log: Log;
}

const settings = ({ limits, log }: SubgraphServerOptions) =>
  ({
    nodeEnv: 'production',
    introspection: true,
    formatError: maskErrors(log),
    parseOptions: limits.tokens === 0 ? {} : { maxTokens: limits.tokens },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // `gateway/http/cross-site.ts` decides.
    csrfPrevention: false,
    // `persisted-documents.ts` has found the text before.
    persistedQueries: false,
    logger: quietLogger(log),
    // A router asks for traces in answers (ftv1). Apollo Server adds the plugin by itself too, but then announces it.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTrace(),
      plainJsonStatus(),
      limitIntrospection(limits.introspection),
    ],
  }) satisfies Partial<ApolloServerOptions<BaseContext>>;

/** A domain as a federation server of its own, for other routers. */
export function domainServer(
  service: SubgraphService,
  options: SubgraphServerOptions,
): ApolloServer<SubgraphContext & FreshnessContext> {
  const shared = settings(options);
  const plugins = [...shared.plugins, tellFreshness()];
  return new ApolloServer<SubgraphContext & FreshnessContext>({
    ...shared,
    schema: service.schema,
    plugins,
  });
}

/** What moves as a federation server of its own; its subscriptions are kept for the stream that runs them. */
export function ledgerServer(
  schema: GraphQLSchema,
  options: SubgraphServerOptions,
): ApolloServer<LedgerContext & WishContext> {
  const shared = settings(options);
  const plugins = [...shared.plugins, findSubscriptions(), keepSubscriptions()];
  return new ApolloServer<LedgerContext & WishContext>({ ...shared, schema, plugins });
}

/** The hub as a federation server: Apollo Server in front, our compiler where the resolvers would be. */
export function hubServer(hub: Hub, options: SubgraphServerOptions): ApolloServer<RequestContext> {
  const gateway: GatewayInterface = {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: hub.schema, coreSupergraphSdl: hub.sdl });
      return () => undefined;
    },
    load: () =>
      Promise.resolve({
        executor: ({ source, request, context }) =>
          hub.execute({
            query: source,
            // Apollo Server's own `operationName` is null where none of the operations has the name.
            operationName: request.operationName,
            variables: request.variables,
            wire: (context as RequestContext).wire,
            signal: (context as RequestContext).signal,
            takesJsonText: true,
            observe: (context as RequestContext).trace?.statements,
            partsRead: (context as RequestContext).freshness?.partsRead,
          }),
      }),
    stop: () => Promise.resolve(),
  };
  const shared = settings(options);
  const plugins = [...shared.plugins, markJsonTexts(), tellFreshness()];
  return new ApolloServer<RequestContext>({ ...shared, gateway, plugins });
}
