import type { QueryPlan } from '@apollo/query-planner';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { systemClock } from '../../foundation/clock.ts';
import type { GraphMeter } from '../telemetry/graph-meter.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/** Sees how long the gateway takes until it has a plan, and whether it made it or had it. */
export class PlanWatch {
  readonly #meter: GraphMeter;
  readonly #startedMs = new WeakMap<RequestContext, number>();
  readonly #known = new WeakSet<QueryPlan>();

  constructor(meter: GraphMeter) {
    this.#meter = meter;
  }

  /** Apollo's gateway, with nothing around it that takes time. */
  watch(gateway: GatewayInterface): GatewayInterface {
    return wrapExecutor(gateway, (execute) => (requestContext) => {
      this.#startedMs.set(requestContext.context as RequestContext, systemClock.monotonicMs());
      return execute(requestContext);
    });
  }

  note(context: RequestContext, plan: QueryPlan): void {
    const startedMs = this.#startedMs.get(context);
    if (startedMs === undefined) return;
    const isKept = this.#known.has(plan);
    if (isKept) this.#meter.plansKept++;
    else {
      this.#known.add(plan);
      this.#meter.plans.add((systemClock.monotonicMs() - startedMs) / 1_000);
    }
    context.trace?.addStage('graphql.plan', startedMs, { 'tributary.plan.kept': isKept });
  }
}
