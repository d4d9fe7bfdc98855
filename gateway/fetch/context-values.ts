import type { GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import type { OperationDefinitionNode } from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { isJsonObject } from '../../foundation/json-object.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { contextPathsOf, type ContextPath, type ContextStep } from '../plan/steps/context-paths.ts';
import { stepsOf } from '../plan/steps/plan-step.ts';
import { isContextual } from '../plan/operation/reserved-variable.ts';
import type { AnswerPath, AnswerSoFar, Representation } from './answer-so-far.ts';
import { groupEntities } from './entity-groups.ts';
import { NotedPlans } from './noted-plans.ts';

/** The fetches of one text may stand at several places, and each finds its contexts from there. */
type ContextsByPlace = ReadonlyMap<string, readonly ContextPath[]>;

/**
 * What Apollo's gateway (2.14.4) leaves undone. A field may have an argument that no client gives,
 * `price(currency: String @fromContext(field: "$shop { currency }"))`, but the object around it that has the context,
 * `type Shop @context(name: "shop")`. The planner has such values fetched, and says of each fetch in which variables it
 * wants which of them; the gateway sends nothing of that. So they are found here, in the answer so far, for each entity
 * from its place upwards. Specification: https://specs.apollo.dev/context/v0.1
 */
export class ContextValues {
  readonly #fields: SubgraphFields;
  readonly #contexts = new NotedPlans(contextsIn);

  constructor(fields: SubgraphFields) {
    this.#fields = fields;
  }

  /** Takes the plan of a request before it runs. */
  note(requestContext: object, plan: QueryPlan): void {
    this.#contexts.note(requestContext, plan);
  }

  /** The way to a subgraph, with the values that its fetches want. */
  fill(source: GraphQLDataSource<RequestContext>): GraphQLDataSource<RequestContext> {
    return {
      process: (processing) => {
        const contexts = this.#contexts.of(processing);
        if (contexts === undefined || !('pathInIncomingRequest' in processing))
          return source.process(processing);
        const { request, pathInIncomingRequest: path = [] } = processing;
        const representations: unknown = request.variables?.['representations'];
        const ways = contexts.get(path.join('.')) ?? [];
        if (ways.length === 0 || !Array.isArray(representations)) return source.process(processing);
        const { answerSoFar } = processing.context;
        const found = this.#valuesFor(ways, path, representations, answerSoFar);
        const variables = { ...request.variables, ...groupEntities(found) };
        return source.process({ ...processing, request: { ...request, variables } });
      },
    };
  }

  /** By variable, the value for each of the entities. */
  #valuesFor(
    ways: readonly ContextPath[],
    path: AnswerPath,
    representations: readonly Representation[],
    answer: AnswerSoFar,
  ): ReadonlyMap<string, readonly unknown[]> {
    const places = answer.entityPaths(path, representations, (one, other) =>
      this.#fields.isWithin(one, other),
    );
    const variables = [...new Set(ways.map(({ variable }) => variable))];
    return new Map(
      variables.map((variable) => {
        const own = ways.filter((way) => way.variable === variable);
        return [variable, places.map((place) => place && this.#valueFrom(place, own, answer))];
      }),
    );
  }

  /** The value that the nearest object with the context has; null where nothing was brought. */
  #valueFrom(entity: AnswerPath, ways: readonly ContextPath[], answer: AnswerSoFar): unknown {
    for (const { levelsUp, steps } of ways) {
      const above = answer.at(placeAbove(entity, levelsUp));
      // Of an entity with a context itself, the planner does not say which type that is.
      const type = typeNameOf(above);
      if (type !== undefined && !this.#fields.hasContext(type)) continue;
      const value = this.#follow(above, steps);
      if (value !== undefined) return value;
    }
    return null;
  }

  /** Undefined where the way does not lead: of an object of another type. */
  #follow(value: unknown, [step, ...rest]: readonly ContextStep[]): unknown {
    if (step === undefined || value === null || value === undefined) return value;
    if (Array.isArray(value))
      return value.map((item: unknown) => this.#follow(item, [step, ...rest]) ?? null);
    if (!isJsonObject(value)) return undefined;
    if (step.kind === 'field') return this.#follow(value[step.name], rest);
    const type = typeNameOf(value);
    const isOther = type !== undefined && !this.#fields.isWithin(type, step.name);
    return isOther ? undefined : this.#follow(value, rest);
  }
}

function typeNameOf(value: unknown): string | undefined {
  const typeName = isJsonObject(value) ? value['__typename'] : undefined;
  return typeof typeName === 'string' ? typeName : undefined;
}

function contextsIn({ node }: QueryPlan): ReadonlyMap<string, ContextsByPlace> {
  const contexts = new Map<string, Map<string, readonly ContextPath[]>>();
  for (const { fetch, path, operation } of (node && stepsOf(node)) ?? []) {
    const own = contextPathsOf(fetch);
    refuseUnknown(operation, own);
    if (own.length === 0) continue;
    const places = contexts.get(fetch.operation) ?? new Map<string, readonly ContextPath[]>();
    const place = path.join('.');
    contexts.set(fetch.operation, places.set(place, [...(places.get(place) ?? []), ...own]));
  }
  return contexts;
}

/** Without a way to its value, a variable would be what a client sends under its name. */
function refuseUnknown(
  { variableDefinitions = [] }: OperationDefinitionNode,
  ways: readonly ContextPath[],
): void {
  const isUnknown = variableDefinitions.some(
    ({ variable: { name } }) =>
      isContextual(name.value) && ways.every(({ variable }) => variable !== name.value),
  );
  if (isUnknown) throw asRefusal(raise('QUESTION_UNPLANNABLE', {}));
}

/** The place of the object that so many fields lie above another one; indices of lists are no fields. */
function placeAbove(path: AnswerPath, levels: number): AnswerPath {
  let length = path.length;
  for (let level = 0; level < levels; level++) {
    while (typeof path[length - 1] === 'number') length--;
    length--;
  }
  return path.slice(0, Math.max(length, 0));
}
