import { ApolloServerPluginLandingPageLocalDefault } from '@apollo/server/plugin/landingPage/default';
import type { ApolloServerPlugin } from '@apollo/server';
import type { ExampleQuery } from '../../console/example-query.ts';
import { graphiqlPath } from '../../console/graphiql-page.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Apollo Sandbox, opened on the example; the page comes from Apollo's servers, the answers from ours.
 *
 * @param example called once the schema is loaded
 */
export function landingPage(example: () => ExampleQuery): ApolloServerPlugin<RequestContext> {
  return {
    async serverWillStart(service) {
      const { query, variables } = example();
      const sandbox = ApolloServerPluginLandingPageLocalDefault({
        embed: { runTelemetry: false, initialState: { pollForSchemaUpdates: false } },
        document: query,
        variables: { ...variables },
        footer: false,
      });
      const listener = await sandbox.serverWillStart?.(service);
      const page = await listener?.renderLandingPage?.();
      if (page === undefined) return listener ?? undefined;
      const html = async (): Promise<string> =>
        readableOffline(typeof page.html === 'string' ? page.html : await page.html());
      return { ...listener, renderLandingPage: () => Promise.resolve({ html }) };
    },
  };
}

/**
 * Apollo's page, for when Apollo's servers cannot be reached: it leads to the page that needs none of them, in the
 * colours that its reader prefers. The empty place of the Sandbox lies over all of it and must not catch the pointer.
 */
function readableOffline(html: string): string {
  return html
    .replace('<title>Apollo Server</title>', '<title>Tributary · Apollo Sandbox</title>')
    .replace('.fallback {', (rule) => `${offlineStyle}\n        ${rule}`)
    .replace('<h1>Welcome to Apollo Server</h1>', '<h1>Tributary</h1>')
    .replace(
      'it appears that you might be offline.</p>',
      `$&\n  <p><a href="${graphiqlPath}">GraphiQL</a> comes from this server alone, and needs no internet.</p>`,
    );
}

const offlineStyle = `:root { color-scheme: light dark; }
        .fallback { max-width: 34rem; margin: 14vh auto 0; font: 1.0625rem/1.6 system-ui, sans-serif; }
        .fallback h1 { font-size: 1.75rem; }
        .fallback a { color: light-dark(#07506e, #7fd4ea); }
        #embeddableSandbox:empty { pointer-events: none; }`;
