import type { GraphQLSchema } from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { RemoteOwner } from './remote-subscription.ts';

/** How a remote subgraph is subscribed: at its routing URL by server-sent events, unless a setting says otherwise. */
export function remoteOwner(
  subgraph: string,
  routingUrls: ReadonlyMap<string, string>,
  schema: () => GraphQLSchema,
  { subgraphs, events }: Config,
): RemoteOwner {
  const url = subscriptionUrls(subgraphs.subscriptionUrls).get(subgraph);
  return {
    subgraph,
    url: url ?? routingUrls.get(subgraph) ?? '',
    schema,
    timeoutMs: subgraphs.timeoutMs,
    heartbeatMs: events.heartbeatMs,
  };
}

/** @throws SUBSCRIPTION_URL_INVALID */
export function subscriptionUrls(entries: readonly string[]): ReadonlyMap<string, string> {
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
