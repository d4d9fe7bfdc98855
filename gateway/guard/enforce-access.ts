import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import { OperationTypeNode } from 'graphql';
import { grantsOf } from '../../access/grants.ts';
import type { AccessRule } from '../../registry/access-rules.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';
import { GuardedOperations, type NarrowedForCaller } from './guarded-operations.ts';
import { isMet } from './requirement.ts';

export interface AccessRules {
  /** By coordinate: `Type` or `Type.field`. */
  readonly rules: ReadonlyMap<string, AccessRule>;
  /** The claim of tokens that lists the policies of their bearer. */
  readonly policiesClaim: string | undefined;
}

/**
 * The gateway for callers who may not read everything. What an operation asks of its caller is known once for each
 * operation. Where a caller cannot show it, the operation is planned and run without the fields that ask for it, which
 * are null in the answer, each beside an error. A subscription that is withheld is refused, and so is a mutation with a
 * field that must not be null.
 */
export function withAccessRules(
  gateway: GatewayInterface,
  { rules, policiesClaim }: AccessRules,
): GatewayInterface {
  if (rules.size === 0) return gateway;
  const operations = new GuardedOperations(rules);
  return wrapExecutor(gateway, (execute) => async (requestContext) => {
    const { caller, isWarming } = requestContext.context as RequestContext;
    // Nobody asks, and nobody is answered.
    if (isWarming === true) return execute(requestContext);
    const known = operations.find(requestContext);
    if (known.needed.length === 0) return execute(requestContext);
    const grants = grantsOf(caller, policiesClaim);
    const refused = known.needed.filter((one) => !isMet(one, grants));
    if (refused.length === 0) return execute(requestContext);
    const narrowed = known.without(refused, requestContext.request.variables ?? {});
    if (narrowed.isWhole) return execute(requestContext);
    return executeNarrowed(execute, requestContext, narrowed);
  });
}

async function executeNarrowed(
  execute: GatewayExecutor,
  requestContext: GatewayGraphQLRequestContext,
  { document, operation, places, id }: NarrowedForCaller,
): Promise<GatewayExecutionResult> {
  const refused = refusedAsWhole(operation.operation, places);
  if (refused !== undefined) throw asRefusal(refused.error);
  // The gateway keeps plans by this hash.
  const queryHash = `${requestContext.queryHash} without ${id}`;
  const result = await execute({ ...requestContext, document, operation, queryHash });
  if (!result.data) return result;
  const { data, errors } = places.complete(result.data);
  const told = [...(result.errors ?? []), ...errors];
  return { ...result, data, ...(told.length > 0 && { errors: told }) };
}

/**
 * A subscription has nothing else. Of a mutation nothing may run where its answer would be null whatever happens, since
 * nobody could tell what was done.
 */
function refusedAsWhole(
  kind: OperationTypeNode,
  { atRoot, requiredAtRoot }: NarrowedForCaller['places'],
): NarrowedForCaller['places']['atRoot'] {
  if (kind === OperationTypeNode.SUBSCRIPTION) return atRoot;
  return kind === OperationTypeNode.MUTATION ? requiredAtRoot : undefined;
}
