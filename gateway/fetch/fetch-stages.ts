import type { GraphQLDataSource } from '@apollo/gateway';
import type { FieldTwins } from '../../registry/field-twins.ts';
import { withRootEvents } from '../subscriptions/root-fetch.ts';
import type { ContextValues } from './context-values.ts';
import { withEntityGroups } from './entity-groups.ts';
import { withFieldTwins } from './field-twin-fetch.ts';
import type { Fetcher } from '../graph/local-subgraphs.ts';
import type { MergedRows } from './merged-rows.ts';
import type { NestedLists } from './nested-lists.ts';
import { withNumbersAsText } from './numbers-as-text.ts';
import type { PlacedErrors } from './placed-errors.ts';
import { withoutPlannerAliases } from './planner-aliases.ts';
import type { RequestContext } from '../graph/request-context.ts';

export interface FetchStages {
  readonly subgraph: string;
  readonly isLocal: boolean;
  readonly twins: FieldTwins;
  readonly placedErrors: PlacedErrors;
  readonly nestedLists: NestedLists;
  readonly mergedRows: MergedRows;
  /** Undefined where nothing is taken out of a context. */
  readonly contextValues: ContextValues | undefined;
  /** Gives a fetch its time, and makes errors of whatever goes wrong. */
  readonly guard: (next: Fetcher) => Source;
  /** The subgraph itself, in this process or elsewhere. */
  readonly fetch: Fetcher;
}

type Source = GraphQLDataSource<RequestContext>;

/**
 * What a fetch of a plan passes on its way to a subgraph, and its answer on the way back, the outermost stage first.
 * The outer ones speak to Apollo's gateway, whose wrong answers most of them mend, the inner ones to the subgraph.
 */
export function fetchStages(options: FetchStages): Source {
  const { subgraph, isLocal, twins, guard } = options;
  const { placedErrors, nestedLists, mergedRows, contextValues } = options;
  const outer: readonly ((next: Source) => Source)[] = [
    (next) => placedErrors.keep(subgraph, next),
    (next) => nestedLists.trim(next),
    (next) => mergedRows.merge(next),
    (next) => contextValues?.fill(next) ?? next,
  ];
  const inner: readonly ((next: Fetcher) => Fetcher)[] = [
    (next) => withoutPlannerAliases(next),
    // Who is subscribed to is asked in words that it knows, too.
    (next) => withFieldTwins(next, subgraph, twins),
    (next) => (contextValues === undefined ? next : withEntityGroups(next, subgraph)),
    (next) => withRootEvents(subgraph, next),
    (next) => (isLocal ? withNumbersAsText(next) : next),
  ];
  const fetch = inner.reduceRight((next, stage) => stage(next), options.fetch);
  return outer.reduceRight((next, stage) => stage(next), guard(fetch));
}
