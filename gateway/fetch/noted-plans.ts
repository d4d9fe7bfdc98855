import type { GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import type { RequestContext } from '../graph/request-context.ts';

type Processing = Parameters<GraphQLDataSource<RequestContext>['process']>[0];

/** What a way to a subgraph has to know of the fetches of a plan, by the texts of those of which there is anything. */
export class NotedPlans<Known> {
  readonly #read: (plan: QueryPlan) => ReadonlyMap<string, Known>;
  readonly #ofPlans = new WeakMap<QueryPlan, ReadonlyMap<string, Known>>();
  readonly #ofRequests = new WeakMap<object, ReadonlyMap<string, Known>>();

  /** @param read called once for each plan, before it runs for the first time */
  constructor(read: (plan: QueryPlan) => ReadonlyMap<string, Known>) {
    this.#read = read;
  }

  /** Takes the plan of a request before it runs. */
  note(requestContext: object, plan: QueryPlan): void {
    const known = this.#ofPlans.get(plan) ?? this.#read(plan);
    this.#ofPlans.set(plan, known);
    if (known.size > 0) this.#ofRequests.set(requestContext, known);
  }

  of(processing: Processing): Known | undefined {
    if (!('incomingRequestContext' in processing)) return undefined;
    const known = this.#ofRequests.get(processing.incomingRequestContext);
    return known?.get(processing.request.query ?? '');
  }
}
