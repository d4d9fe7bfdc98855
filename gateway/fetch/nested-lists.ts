import type { GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan, QueryPlanSelectionNode } from '@apollo/query-planner';
import { isJsonObject } from '../../foundation/json-object.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { fetchesOf } from '../plan/steps/plan-step.ts';
import { NotedPlans } from './noted-plans.ts';

type Selections = readonly QueryPlanSelectionNode[];

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4), a silent one. What a field requires of a list of lists of objects,
 * `sum @requires(fields: "grid { value }")` with `grid: [[Cell]]`, it sends to the subgraph as a list of nulls, since it
 * looks into one list only. So it is told nothing of what is in such lists and sends all of it; what was not asked for
 * is taken out before the fetch.
 */
export class NestedLists {
  readonly #fields: SubgraphFields;
  /** What the representations of a fetch are to have. Only of fetches that have such lists. */
  readonly #required = new NotedPlans((plan) => this.#openAll(plan));

  constructor(fields: SubgraphFields) {
    this.#fields = fields;
  }

  /** Takes the plan of a request; changes it before it runs for the first time. */
  note(requestContext: object, plan: QueryPlan): void {
    this.#required.note(requestContext, plan);
  }

  /** The way to a subgraph, which is sent no more than it requires. */
  trim(source: GraphQLDataSource<RequestContext>): GraphQLDataSource<RequestContext> {
    return {
      process: (processing) => {
        const { request } = processing;
        const representations: unknown = request.variables?.['representations'];
        const required = this.#required.of(processing);
        if (required === undefined || !Array.isArray(representations))
          return source.process(processing);
        const trimmed = representations.map((one: unknown) => this.#trimmed(one, required));
        const variables = { ...request.variables, representations: trimmed };
        return source.process({ ...processing, request: { ...request, variables } });
      },
    };
  }

  #openAll(plan: QueryPlan): ReadonlyMap<string, Selections> {
    const required = new Map<string, Selections>();
    for (const fetch of fetchesOf(plan.node)) {
      const { requires = [] } = fetch;
      const opened = this.#opened(requires, '');
      if (opened === requires) continue;
      required.set(fetch.operation, requires);
      Object.assign(fetch, { requires: opened });
    }
    return required;
  }

  /** The same selections where there are no such lists. */
  #opened(selections: Selections, typeName: string): Selections {
    const opened = selections.map((selection): QueryPlanSelectionNode => {
      const { selections: below } = selection;
      if (below === undefined) return selection;
      const isField = selection.kind === 'Field';
      if (isField && this.#fields.listsIn(typeName, selection.name) > 1) {
        const { selections: _, ...whole } = selection;
        return whole;
      }
      const type = isField
        ? this.#fields.typeBelow(typeName, selection.name)
        : (selection.typeCondition ?? typeName);
      const inside = this.#opened(below, type ?? '');
      return inside === below ? selection : { ...selection, selections: [...inside] };
    });
    return opened.every((selection, index) => selection === selections[index])
      ? selections
      : opened;
  }

  /** As the gateway makes representations: an object that lacks one of the fields is null. */
  #trimmed(value: unknown, selections: Selections): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.#trimmed(item, selections));
    if (!isJsonObject(value)) return value;
    const result: Record<string, unknown> = {};
    for (const selection of selections) {
      if (selection.kind === 'Field') {
        const name = selection.alias ?? selection.name;
        if (!Object.hasOwn(value, name)) return null;
        const { selections: below } = selection;
        result[name] = below === undefined ? value[name] : this.#trimmed(value[name], below);
      } else if (this.#isOf(value, selection.typeCondition)) {
        Object.assign(result, this.#trimmed(value, selection.selections));
      }
    }
    return result;
  }

  #isOf(object: Readonly<Record<string, unknown>>, typeCondition: string | undefined): boolean {
    const typeName = object['__typename'];
    if (typeCondition === undefined || typeof typeName !== 'string') return true;
    return this.#fields.isWithin(typeName, typeCondition);
  }
}
