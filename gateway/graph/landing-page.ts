import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { ApolloServerPlugin } from '@apollo/server';
import { customerRevenue } from '../../console/example-query.ts';
import type { RequestContext } from './request-context.ts';

/** Apollo Sandbox, opened on the example; the page comes from Apollo's servers, the answers from ours. */
export function landingPage(): ApolloServerPlugin<RequestContext> {
  return ApolloServerPluginLandingPageLocalDefault({
    embed: { initialState: { pollForSchemaUpdates: false } },
    document: customerRevenue.query,
    variables: { ...customerRevenue.variables },
    footer: false,
  });
}
