import { EarlyEnd } from '../../foundation/early-end.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ApolloServer } from '@apollo/server';
import type { UsedOperation } from './known-operations.ts';
import { requestContext, type RequestContext } from '../graph/request-context.ts';

/** How long requests may be answered by the graph of before, only because operations are prepared. */
const longestMs = 10_000;

/**
 * Does for operations that another graph was asked all that is done once for each: parses, checks, plans, compiles.
 * Nobody is asked for anything: sources answer nothing to who only warms. What the graph cannot answer any more is
 * found out when it is asked.
 */
export async function warmOperations(
  server: ApolloServer<RequestContext>,
  operations: readonly UsedOperation[],
): Promise<void> {
  const start = performance.now();
  for (const { query, operationName, variables } of operations) {
    if (performance.now() - start > longestMs) return;
    await server.executeOperation(
      { query, variables, ...(operationName !== undefined && { operationName }) },
      { contextValue: warmingContext() },
    );
    // Requests go on meanwhile.
    await nextTurn();
  }
}

function warmingContext(): RequestContext {
  const request = {
    id: 'warming',
    caller: { kind: 'anonymous' },
    headers: {},
    signal: new EarlyEnd(),
    clientAddress: undefined,
  } as const;
  return { ...requestContext(request, 'string'), isWarming: true };
}
