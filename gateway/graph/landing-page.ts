import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { ApolloServerPlugin } from '@apollo/server';
import { customerRevenue } from '../../console/example-query.ts';
import { graphiqlPath } from '../../console/graphiql-page.ts';
import type { RequestContext } from './request-context.ts';

/** Apollo Sandbox, opened on the example; the page comes from Apollo's servers, the answers from ours. */
export function landingPage(): ApolloServerPlugin<RequestContext> {
  const sandbox = ApolloServerPluginLandingPageLocalDefault({
    embed: { runTelemetry: false, initialState: { pollForSchemaUpdates: false } },
    document: customerRevenue.query,
    variables: { ...customerRevenue.variables },
    footer: false,
  });
  return {
    ...sandbox,
    async serverWillStart(service) {
      const listener = await sandbox.serverWillStart?.(service);
      const page = await listener?.renderLandingPage?.();
      if (page === undefined) return listener ?? undefined;
      const html = async (): Promise<string> =>
        showWayOffline(typeof page.html === 'string' ? page.html : await page.html());
      return { ...listener, renderLandingPage: () => Promise.resolve({ html }) };
    },
  };
}

/** Where Apollo's servers cannot be reached, the page that needs none of them is what a reader wants to know. */
function showWayOffline(html: string): string {
  return html.replace(
    'it appears that you might be offline.</p>',
    `$&\n  <p><a href="${graphiqlPath}">GraphiQL</a> comes from this server alone, and needs no internet.</p>`,
  );
}
