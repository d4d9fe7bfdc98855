import type { GraphQLDataSource } from '@apollo/gateway';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../../foundation/config/schema.ts';
import type { Log } from '../../foundation/log.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Hub } from '../../hub/hub.ts';
import type { PreparedSupergraph } from '../../registry/prepare-supergraph.ts';
import type { RemoteSubgraphs } from '../remote/remote-subgraphs.ts';
import type { GraphMeter } from '../telemetry/graph-meter.ts';
import { ContextValues } from './context-values.ts';
import { fetchStages } from './fetch-stages.ts';
import { guardedSource } from './guarded-source.ts';
import { fetchFromHub, type Fetcher, type LocalSubgraph } from '../graph/local-subgraphs.ts';
import { MergedRows } from './merged-rows.ts';
import { NestedLists } from './nested-lists.ts';
import { withNumbersAsText } from './numbers-as-text.ts';
import { PlacedErrors } from './placed-errors.ts';
import { remoteSource } from './remote-source.ts';
import type { RequestContext } from '../graph/request-context.ts';
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
  readonly placedErrors = new PlacedErrors();
  readonly nestedLists: NestedLists;
  readonly mergedRows: MergedRows;
  readonly contextValues: ContextValues | undefined;
  readonly #options: SourcesOptions;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.nestedLists = new NestedLists(options.prepared.fields);
    this.mergedRows = new MergedRows(options.prepared.fields);
    const { fields } = options.prepared;
    this.contextValues = fields.hasContexts ? new ContextValues(fields) : undefined;
    this.names = new Set(options.locals.keys());
  }

  of(name: string, url: string): GraphQLDataSource<RequestContext> {
    const { locals, remotes, prepared, schema } = this.#options;
    const local = locals.get(name);
    this.names.add(name);
    if (local === undefined) this.remoteUrls.set(name, url);
    const { placedErrors, nestedLists, mergedRows, contextValues } = this;
    return fetchStages({
      subgraph: name,
      isLocal: local !== undefined,
      twins: prepared.twins,
      placedErrors,
      nestedLists,
      mergedRows,
      contextValues,
      guard: (next) => this.#guarded(name, next),
      fetch:
        local?.fetch ?? remoteSource({ subgraph: name, remote: remotes.at(name, url), schema }),
    });
  }

  /** What the hub answers goes to the client as it is. */
  ofWhole(hub: Hub): GraphQLDataSource<RequestContext> {
    const fetch = withNumbersAsText(fetchFromHub(hub, { takesJsonText: true }));
    return this.#guarded(hubName, fetch);
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
