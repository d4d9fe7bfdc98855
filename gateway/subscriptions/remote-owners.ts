import type { GraphQLSchema } from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { RemoteOwner } from './remote-subscription.ts';

/**
 * How remote subgraphs are subscribed: at their routing URL by server-sent events, unless a setting says otherwise.
 * @throws SUBSCRIPTION_URL_INVALID
 */
export function remoteOwners(
  routingUrls: ReadonlyMap<string, string>,
  schema: () => GraphQLSchema,
  { subgraphs, events }: Config,
): (subgraph: string) => RemoteOwner {
  const urls = subscriptionUrls(subgraphs.subscriptionUrls);
  return (subgraph) => ({
    subgraph,
    url: urls.get(subgraph) ?? routingUrls.get(subgraph) ?? '',
    schema,
    timeoutMs: subgraphs.timeoutMs,
    heartbeatMs: events.heartbeatMs,
  });
}

function subscriptionUrls(entries: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    entries.map((entry): readonly [string, string] => {
      const invalid = (problem: string): Error =>
        raise('SUBSCRIPTION_URL_INVALID', { entry, problem });
      const [, name, url] = /^([^=]+)=(.*)$/.exec(entry) ?? [];
      if (name === undefined || url === undefined) throw invalid('names no subgraph');
      if (!URL.canParse(url)) throw invalid('has no URL');
      if (!/^(https?|wss?):$/.test(new URL(url).protocol))
        throw invalid('has a URL of another kind');
      return [name.trim(), url];
    }),
  );
}
