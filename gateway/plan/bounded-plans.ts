import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { LRUCache } from 'lru-cache';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { OutOfTime } from '../../foundation/within-time.ts';
import { asRefusal, refusalOf } from '../graph/as-refusal.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';
import { isPlannerLost } from './make-plan.ts';
import { OutOfMemory } from './process/planner-process.ts';

const mostHopeless = 1_000;

/**
 * The gateway with a clear refusal of a question that has too many ways, or none that the planner finds, or not in
 * its time: where fields of interface objects are computed of each other it may go round in a circle.
 */
export function withBoundedPlans(gateway: GatewayInterface): GatewayInterface {
  return wrapExecutor(gateway, (execute) => {
    // Of those that took time, so that nobody can have them tried again and again.
    const hopeless = new LRUCache<string, Error>({ max: mostHopeless });
    return async (requestContext) => {
      const { queryHash } = requestContext;
      try {
        const known = hopeless.get(queryHash);
        if (known !== undefined) throw known;
        return await execute(requestContext);
      } catch (error) {
        // Another attempt would end in the same way.
        if (complexityIn(error) !== undefined) hopeless.set(queryHash, error as Error);
        throw asBound(error);
      }
    };
  });
}

/** The refusal that an error of the planner means, or the error itself. */
function asBound(error: unknown): unknown {
  if (isPlannerLost(error)) return asRefusal(raise('QUESTION_UNPLANNABLE', {}));
  const problem = complexityIn(error);
  return problem === undefined
    ? refusalOf(error)
    : asRefusal(raise('QUESTION_TOO_COMPLEX', { problem }));
}

/** What was too much for the planner; undefined where something else was wrong. */
function complexityIn(error: unknown): string | undefined {
  if (error instanceof OutOfTime) return `none was found in ${error.timeoutMs} ms`;
  if (error instanceof OutOfMemory) return `none was found in ${error.heapMb} MiB of memory`;
  const found = /^Too many options generated for (.*), reached the limit/s.exec(messageOf(error));
  return found?.[1]?.replaceAll(/\s+/g, ' ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
