import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Hub } from '../../hub/hub.ts';
import type { PreparedSupergraph } from '../../registry/prepare-supergraph.ts';
import type { RemoteSubgraphs } from '../remote/remote-subgraphs.ts';
import { withRootEvents } from '../subscriptions/root-fetch.ts';
import type { GraphMeter } from '../telemetry/graph-meter.ts';
import { withFieldTwins } from './field-twin-fetch.ts';
import { guardedSource } from './guarded-source.ts';
import { fetchFromHub, type Fetcher, type LocalSubgraph } from './local-subgraphs.ts';
import { withNumbersAsText } from './numbers-as-text.ts';
import { withoutPlannerAliases } from './planner-aliases.ts';
import { remoteSource } from './remote-source.ts';
import type { RequestContext } from './request-context.ts';
import { timeLimitOf } from './time-limits.ts';

interface SourcesOptions {
  readonly locals: ReadonlyMap<string, LocalSubgraph>;
  readonly remotes: RemoteSubgraphs;
  readonly prepared: PreparedSupergraph;
  readonly schema: () => GraphQLSchema;
  readonly config: Config;
  readonly log: Log;
  readonly meter: GraphMeter;
}

/** The ways to the subgraphs of one graph. */
export class GraphSources {
  /** Of the subgraphs that there are. */
  readonly names: Set<string>;
  /** By the names of remote subgraphs. */
  readonly remoteUrls = new Map<string, string>();
  readonly #options: SourcesOptions;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.names = new Set(options.locals.keys());
  }

  of(name: string, url: string): GraphQLDataSource<RequestContext> {
    const { locals, remotes, prepared, schema } = this.#options;
    this.names.add(name);
    const local = locals.get(name);
    const found: Fetcher =
      (local && withNumbersAsText(local.fetch)) ??
      remoteSource({ subgraph: name, remote: remotes.at(name, url), schema });
    if (!locals.has(name)) this.remoteUrls.set(name, url);
    // Who is subscribed to is asked in words that it knows, too.
    const asked = withFieldTwins(withRootEvents(name, found), name, prepared.twins);
    return this.#guarded(name, withoutPlannerAliases(asked));
  }

  /** What the hub answers goes to the client as it is. */
  ofWhole(hub: Hub): GraphQLDataSource<RequestContext> {
    return this.#guarded(hubName, fetchFromHub(hub, { takesJsonText: true }));
  }

  #guarded(subgraph: string, fetch: Fetcher): GraphQLDataSource<RequestContext> {
    const { locals, config, log, meter, prepared } = this.#options;
    const limit = timeLimitOf(subgraph, locals.has(subgraph), config);
    return guardedSource({
      subgraph,
      ...limit,
      log,
      meter: meter.fetchesFrom(subgraph),
      isWithin: (one, other) => prepared.fields.isWithin(one, other),
      isPreparable: subgraph === hubName && locals.has(hubName),
      fetch,
    });
  }
}
