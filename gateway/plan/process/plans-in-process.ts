import type { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import type { QueryPlanner } from '@apollo/query-planner';
import type {
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { print, type DocumentNode } from 'graphql';
import { OutOfTime, withinTime } from '../../../foundation/within-time.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import { wrapExecutor } from '../../graph/wrap-executor.ts';
import { makePlan, type PlannedSupergraph } from '../make-plan.ts';
import { measureDocument } from '../../limits/measure-document.ts';
import type { PlanQuestion } from './plan-messages.ts';
import type { PlanStore } from '../plan-store.ts';
import type { PlannerProcess } from './planner-process.ts';

interface ProcessOptions {
  /** Apollo's, once its gateway is loaded. */
  readonly planner: () => QueryPlanner;
  readonly supergraph: PlannedSupergraph;
  readonly process: PlannerProcess;
  /** That of the gateway. */
  readonly store: PlanStore;
  /** The labels of `@override` that hold for the request under way. */
  readonly decisions: AsyncLocalStorage<ReadonlySet<string>>;
}

/** As many are planned in 15 to 40 ms. */
const mostFields = 300;

/** Nobody else is answered meanwhile. Nearly every plan takes less. */
const longestHereMs = 50;

/** While the process is not there, it is a second of waiting; and the first plans of a server are slow. */
const longestWithoutProcessMs = 250;

/**
 * Apollo's gateway, with a process of its own for plans that take long, so that others are answered meanwhile. Large
 * questions are planned there at once, and small ones that turn out to have too many ways for here. The gateway then
 * finds the plan where it keeps its own.
 */
export function withPlansInProcess(
  gateway: GatewayInterface,
  options: ProcessOptions,
): GatewayInterface {
  const { process, store } = options;
  const isLarge = largeOperations();
  const wrapped = wrapExecutor(gateway, (execute) => {
    changePlanner(options.planner(), options);
    return async (requestContext) => {
      const { document } = requestContext;
      if (!isLarge(document) || store.has(storeKey(requestContext))) {
        try {
          return await execute(requestContext);
        } catch (error) {
          if (!(error instanceof OutOfTime)) throw error;
        }
      }
      const key = storeKey(requestContext);
      const labels = options.decisions.getStore() ?? [];
      const { signal } = requestContext.context as RequestContext;
      const question = (): PlanQuestion => ({
        document: print(document),
        operationName: requestContext.request.operationName,
        labels: [...labels],
      });
      store.put(key, await process.plan(key, question, signal));
      return execute(requestContext);
    };
  });
  return {
    ...wrapped,
    async stop() {
      await process.stop();
      await gateway.stop();
    },
  };
}

function changePlanner(planner: QueryPlanner, { process, supergraph }: ProcessOptions): void {
  const build = planner.buildQueryPlan.bind(planner);
  planner.buildQueryPlan = (...asked) =>
    withinTime(process.isReady ? longestHereMs : longestWithoutProcessMs, () =>
      makePlan(build, asked, supergraph),
    );
}

/** The document of a known operation comes as the same object again, and is measured once. */
function largeOperations(): (document: DocumentNode) => boolean {
  const known = new WeakMap<DocumentNode, boolean>();
  return (document) => {
    const found =
      known.get(document) ?? measureDocument(document).some(({ fields }) => fields > mostFields);
    known.set(document, found);
    return found;
  };
}

/** As Apollo's gateway (2.14.4) calls a plan that it keeps. */
function storeKey({ queryHash, request }: GatewayGraphQLRequestContext): string {
  const { operationName } = request;
  if (!operationName) return queryHash;
  return createHash('sha256').update(queryHash).update(operationName).digest('hex');
}
