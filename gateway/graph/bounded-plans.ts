import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { asRefusal } from './as-refusal.ts';
import { wrapExecutor } from './wrap-executor.ts';

/**
 * Settings of Apollo's planner. At each level that two subgraphs can answer, the ways to a field below them double;
 * the planner weighs all of them, 8 s for a computed field under 24 levels, and answers nobody meanwhile. An
 * ordinary question has less than ten.
 */
export const plannerSettings = { debug: { pathsLimit: 500 } };

/** The gateway with a clear refusal of a question that has too many ways, or none that the planner finds. */
export function withBoundedPlans(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(gateway, (execute) => async (requestContext) => {
    try {
      return await execute(requestContext);
    } catch (error) {
      const [, problem] =
        /^Too many options generated for (.*), reached the limit/s.exec(messageOf(error)) ?? [];
      if (isPlannerLost(error)) throw asRefusal(raise('QUESTION_UNPLANNABLE', {}));
      if (problem === undefined) throw error;
      throw asRefusal(raise('QUESTION_TOO_COMPLEX', { problem: problem.replaceAll(/\s+/g, ' ') }));
    }
  });
}

/**
 * Apollo's planner (2.14.4) breaks off where fields of interface objects are computed of each other in some ways; of
 * that its message tells nothing that a client could use.
 */
function isPlannerLost(error: unknown): boolean {
  return /adding it as parent would create a cycle$|potentially an interface object type at runtime$|^Invalid array length$/.test(
    messageOf(error),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
