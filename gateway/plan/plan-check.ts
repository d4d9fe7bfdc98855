import type {
  GatewayExecutionResult,
  GatewayGraphQLRequestContext,
  GatewayInterface,
} from '@apollo/server-gateway-interface';
import type { QueryPlan } from '@apollo/query-planner';
import {
  getNamedType,
  GraphQLError,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { AnswerPath } from '../fetch/answer-so-far.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import { plannedPaths } from './steps/planned-paths.ts';
import { wrapExecutor } from '../graph/wrap-executor.ts';

/** What the gateway made of a request before it planned. */
interface PlannedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
}

interface UnprovidedField {
  /** Response names from the root on. */
  readonly path: readonly string[];
  readonly coordinate: string;
}

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4). Where the planner finds no object type that could have what is
 * asked of a field, such as an interface that nobody implements, it plans no fetch for that field. The field is then
 * null, or its list is, as if a subgraph had said so. Such a field is an error instead: any root field that no fetch
 * provides, and below the root one whose type no object type implements. Others there may be missing from a plan with
 * good reason, such as those of a type that this subgraph never answers.
 */
export class PlanCheck {
  readonly #unprovidedIn = new WeakMap<QueryPlan, readonly UnprovidedField[]>();
  readonly #plans = new WeakMap<object, QueryPlan>();

  /** Takes the plan that the gateway made for a request, or has from before. */
  note(requestContext: object, plan: QueryPlan, planned: PlannedOperation): void {
    this.#plans.set(requestContext, plan);
    if (this.#unprovidedIn.has(plan)) return;
    this.#unprovidedIn.set(plan, findUnprovided(plan, planned));
  }

  /** The gateway with an error for each field that its plan left out. */
  check(gateway: GatewayInterface): GatewayInterface {
    return wrapExecutor(gateway, (execute) => async (requestContext) => {
      const result = await execute(requestContext).catch((error: unknown) => {
        throw isUnplannable(error) ? unplannable(requestContext) : error;
      });
      const plan = this.#plans.get(requestContext);
      const unprovided = (plan && this.#unprovidedIn.get(plan)) ?? [];
      return unprovided.length === 0 ? result : withErrors(result, unprovided);
    });
  }
}

/** Of mutations the planner makes no such plans but breaks off, before anything is done. */
function isUnplannable(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Was not able to plan');
}

function unplannable({ operation, schema }: GatewayGraphQLRequestContext): Error {
  const type = schema.getRootType(operation.operation);
  const names = operation.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD ? [`${type?.name}.${selection.name.value}`] : [],
  );
  const field = names.length === 0 ? (type?.name ?? operation.operation) : names.join(' or ');
  return asRefusal(raise('FIELD_WITHOUT_PROVIDER', { field }));
}

function findUnprovided(
  plan: QueryPlan,
  { schema, operation, fragments }: PlannedOperation,
): readonly UnprovidedField[] {
  const planned = plannedPaths(plan);
  const unprovided = new Map<string, UnprovidedField>();
  const rootType = schema.getRootType(operation.operation);
  if (rootType) check(operation.selectionSet, rootType, []);
  return [...unprovided.values()];

  function check(
    { selections }: SelectionSetNode,
    type: GraphQLNamedType,
    above: readonly string[],
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        checkField(selection, type, above);
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments[selection.name.value] : selection;
      const condition =
        fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
      if (fragment !== undefined) check(fragment.selectionSet, condition ?? type, above);
    }
  }

  function checkField(field: FieldNode, parent: GraphQLNamedType, above: readonly string[]): void {
    if (!isObjectType(parent) && !isInterfaceType(parent)) return;
    // The gateway itself answers `__typename`, `__schema` and `__type`, which have no definition here.
    const definition = parent.getFields()[field.name.value];
    if (definition === undefined) return;
    const type = getNamedType(definition.type);
    const path = [...above, (field.alias ?? field.name).value];
    const isWanted = above.length === 0 || isNeverImplemented(type);
    if (isWanted && !planned.has(path.join('.'))) {
      const coordinate = `${parent.name}.${field.name.value}`;
      unprovided.set(path.join('.'), { path, coordinate });
    } else if (field.selectionSet !== undefined) {
      check(field.selectionSet, type, path);
    }
  }

  function isNeverImplemented(type: GraphQLNamedType): boolean {
    return isAbstractType(type) && schema.getPossibleTypes(type).length === 0;
  }
}

function withErrors(
  result: GatewayExecutionResult,
  unprovided: readonly UnprovidedField[],
): GatewayExecutionResult {
  const errors = unprovided.flatMap(({ path, coordinate: field }) => {
    const originalError = raise('FIELD_WITHOUT_PROVIDER', { field });
    const places = path.length === 1 ? [path] : placesIn(result.data, path);
    return places.map(
      (place) => new GraphQLError(originalError.message, { path: place, originalError }),
    );
  });
  const told = new Set(errors.map(({ path = [] }) => path.join('.')));
  const completion: unknown = result.extensions?.['valueCompletion'];
  return {
    ...result,
    errors: [...(result.errors ?? []), ...errors],
    ...(Array.isArray(completion) && {
      extensions: {
        ...result.extensions,
        valueCompletion: completion.filter(
          (error: unknown) =>
            !(error instanceof GraphQLError && told.has(String(error.path?.join('.')))),
        ),
      },
    }),
  };
}

/** Where in an answer the path leads to, with the indices of lists; nowhere below a null. */
function placesIn(data: unknown, path: readonly string[]): readonly AnswerPath[] {
  if (Array.isArray(data)) {
    return data.flatMap((item: unknown, index) =>
      placesIn(item, path).map((place) => [index, ...place]),
    );
  }
  const [name, ...below] = path;
  if (name === undefined) return [[]];
  if (typeof data !== 'object' || data === null) return [];
  if (below.length === 0) return [[name]];
  const value = (data as Readonly<Record<string, unknown>>)[name];
  return placesIn(value, below).map((place) => [name, ...place]);
}
