import type { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { SubgraphAnswer } from '../fetch/guarded-source.ts';
import type { FrontRequest, FrontResponse } from '../http/route.ts';
import type { RootFetch } from './root-fetch.ts';

/** Something that the owner of a subscription tells. */
export interface RootEvent {
  /** What the root fetch would have brought; the graph completes it. One without data is no event: it says why they end. */
  readonly answer: SubgraphAnswer;
  /** Those that stand in the answer for numbers that no double has; undefined where there are none. */
  readonly exactNumbers?: ExactNumbers | undefined;
  /** The whole result as JSON, where there is nothing to complete. */
  readonly json?: string | undefined;
  /** Where the owner can go on after it; undefined when it cannot. */
  readonly cursor?: string | undefined;
}

export interface OpenOptions {
  readonly request: FrontRequest;
  /** Ends the subscription and frees what it holds. */
  readonly signal: AbortSignal;
  /** Go on after this event. */
  readonly after: string | undefined;
}

/** A subscription at its owner, or why there is none. */
export type OpenedEvents =
  | { readonly kind: 'opened'; readonly events: AsyncIterator<RootEvent> }
  | { readonly kind: 'refused'; readonly response: FrontResponse };

/** A subscription of one graph, checked and planned. */
export interface PlannedSubscription {
  readonly root: RootFetch;
  readonly open: (options: OpenOptions) => Promise<OpenedEvents>;
}

/** What a graph makes of a request that may be a subscription. */
export type Begun =
  | { readonly kind: 'subscription'; readonly planned: PlannedSubscription }
  | { readonly kind: 'answer'; readonly response: FrontResponse };
