import type { SubgraphAnswer, SubgraphFetch } from '../fetch/guarded-source.ts';

/** The first fetch of a subscription's plan, with which its owner is subscribed. */
export interface RootFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly operationName: string | undefined;
  /** Numbers that no double has are text. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** All three as JSON, in which numbers have their digits. */
  readonly body: string;
}

interface PlanPass {
  readonly kind: 'plan';
  found: RootFetch | undefined;
  /** Whether the root fetch brings all that is asked. */
  isWhole: boolean;
}

/**
 * Why a subscription passes the gateway: to be planned, which leaves its root fetch here, or to have an event put
 * into the place of what that fetch would bring, so that the rest of the plan completes it.
 */
export type SubscriptionPass =
  | PlanPass
  | { readonly kind: 'event'; readonly answer: SubgraphAnswer };

type Fetch = (fetch: SubgraphFetch) => Promise<SubgraphAnswer>;

export function planPass(): PlanPass {
  return { kind: 'plan', found: undefined, isWhole: false };
}

/** The way to a subgraph that is never asked for the root of a subscription by a fetch. */
export function withRootEvents(subgraph: string, fetch: Fetch): Fetch {
  return (request) => {
    const { query, operationName, variables, context } = request;
    if (!/^subscription\b/.test(query)) return fetch(request);
    const { subscription } = context;
    if (subscription?.kind === 'event') return Promise.resolve(subscription.answer);
    if (subscription?.kind === 'plan') {
      const { exactNumbers } = context;
      const named = operationName === undefined ? {} : { operationName };
      subscription.found = {
        subgraph,
        query,
        operationName,
        variables: exactNumbers.asText(variables) as typeof variables,
        body: exactNumbers.write(JSON.stringify({ query, variables, ...named })),
      };
    }
    return Promise.resolve({ data: {} });
  };
}

/** Whether two subscribe to the same thing at the same place. */
export function isSameRoot(a: RootFetch, b: RootFetch): boolean {
  return a.subgraph === b.subgraph && a.body === b.body;
}
