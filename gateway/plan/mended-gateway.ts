import type {
  GatewayExecutionResult,
  GatewayExecutor,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import {
  GraphQLError,
  separateOperations,
  type DocumentNode,
  type OperationDefinitionNode,
} from 'graphql';
import { conditionVariables, fragmentsOf } from '../../hub/compile/collect-fields.ts';
import type { PreparedSupergraph } from '../../registry/prepare-supergraph.ts';
import { errorAtPath } from '../fetch/error-at-path.ts';
import { conditionValues } from './operation/fold-conditions.ts';
import { withExactLiterals } from './operation/exact-literals.ts';
import { withoutForeignFragments } from './operation/foreign-fragments.ts';
import { withKeysInOrder } from './operation/keys-in-order.ts';
import {
  toPlannableOperation,
  type PlannableOperation,
  type Restore,
} from './operation/plannable-operation.ts';
import { renameReservedValues, withoutReservedVariables } from './operation/reserved-variable.ts';
import { supergraphNames, type SupergraphNames } from './operation/supergraph-names.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/** Apollo's gateway without the wrong answers that can be mended from outside. */
export function mendedGateway(
  gateway: GatewayInterface,
  { supergraphSdl, narrowed }: PreparedSupergraph,
): GatewayInterface {
  const operations = new PlannableOperations(supergraphNames(supergraphSdl, narrowed));
  return wrapExecutor(gateway, (execute) => mendedExecutor(execute, operations));
}

function mendedExecutor(
  execute: GatewayExecutor,
  operations: PlannableOperations,
): GatewayExecutor {
  return async (requestContext) => {
    const found = operations.find(requestContext);
    if (found === undefined) return execute(requestContext);
    const { document, restore, renamedVariables } = found.operation;
    const { request } = requestContext;
    const asked =
      renamedVariables === undefined
        ? request
        : {
            ...request,
            variables: renameReservedValues(request.variables ?? {}, renamedVariables),
          };
    // The gateway keeps plans by this hash, which has to tell the outcomes of the conditions apart.
    const queryHash = `${requestContext.queryHash}${found.outcome}`;
    const result = await execute({ ...requestContext, request: asked, document, queryHash });
    return restore === undefined ? result : restoreResult(result, restore);
  };
}

interface KnownPlannable extends PlannableOperation {
  /** What the variables are called that a client may not call as the gateway calls its own. */
  readonly renamedVariables: ReadonlyMap<string, string> | undefined;
}

const maximumOutcomes = 64;

class PlannableOperations {
  readonly #names: SupergraphNames;
  /** Apollo Server keeps parsed documents, so that a known operation comes as the same object again. */
  readonly #known = new WeakMap<DocumentNode, Map<string, KnownPlannable>>();
  readonly #conditionNames = new WeakMap<object, readonly string[]>();

  constructor(names: SupergraphNames) {
    this.#names = names;
  }

  /** Undefined when the conditions cannot be decided, so that validation has something to say. */
  find({
    document,
    operation,
    request,
    schema,
  }: GatewayGraphQLRequestContext):
    | { readonly operation: KnownPlannable; readonly outcome: string }
    | undefined {
    const names =
      this.#conditionNames.get(operation) ?? conditionVariables(operation, fragmentsOf(document));
    this.#conditionNames.set(operation, names);
    const values = conditionValues(names, operation, request.variables ?? {});
    if (values === undefined) return undefined;
    const outcome = names.map((name) => (values[name] === true ? '1' : '0')).join('');
    const outcomes = this.#known.get(document) ?? new Map<string, KnownPlannable>();
    this.#known.set(document, outcomes);
    const id = `${operation.name?.value ?? ''} ${outcome}`;
    const known = outcomes.get(id);
    if (known !== undefined) return { operation: known, outcome };
    const exact = withExactLiterals(ownDocument(document, operation), schema);
    const folded = toPlannableOperation(exact, values, this.#names);
    const opened = withoutForeignFragments(folded.document, schema, this.#names);
    const ordered = withKeysInOrder(opened, schema);
    const renamed = withoutReservedVariables(ordered);
    const plannable: KnownPlannable = {
      ...folded,
      document: renamed?.document ?? ordered,
      renamedVariables: renamed?.renamed,
    };
    if (outcomes.size < maximumOutcomes) outcomes.set(id, plannable);
    return { operation: plannable, outcome };
  }
}

/**
 * The operation with the fragments that it reaches. Apollo's planner (2.14.4) reads all there are, and refuses a
 * variable in one that only another operation has.
 */
function ownDocument(document: DocumentNode, { name }: OperationDefinitionNode): DocumentNode {
  return separateOperations(document)[name?.value ?? ''] ?? document;
}

function restoreResult(result: GatewayExecutionResult, restore: Restore): GatewayExecutionResult {
  const { data, errors, extensions } = result;
  const completion: unknown = extensions?.['valueCompletion'];
  return {
    ...result,
    ...(data === undefined ? {} : { data: restore.data(data) as typeof data }),
    ...(errors === undefined ? {} : { errors: errors.map((error) => withPath(error, restore)) }),
    ...(Array.isArray(completion)
      ? {
          extensions: {
            ...extensions,
            valueCompletion: completion.map((error: unknown) =>
              error instanceof GraphQLError ? withPath(error, restore) : error,
            ),
          },
        }
      : {}),
  };
}

function withPath(error: GraphQLError, { path: restorePath }: Restore): GraphQLError {
  const { path } = error;
  return path === undefined ? error : errorAtPath(error, restorePath(path));
}
