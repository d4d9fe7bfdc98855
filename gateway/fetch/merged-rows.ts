import type { GraphQLDataSource } from '@apollo/gateway';
import type { QueryPlan } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import { isJsonObject } from '../../foundation/json-object.ts';
import type { SubgraphFields } from '../../registry/subgraph-fields.ts';
import type { RequestContext } from '../graph/request-context.ts';
import { namesOf, stepsOf, type PlanStep } from '../plan/steps/plan-step.ts';
import { rootTypes } from '../plan/steps/withdraw-fields.ts';
import { NotedPlans } from './noted-plans.ts';
import { clientKey } from './planner-aliases.ts';

/** Response names from the top of a fetch's answer on. */
type Names = readonly string[];

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4), a silent one. Where two subgraphs each have a part of the objects
 * in a list of lists, `grid: [[Cell]] @shareable`, the rows that the second one brings replace those of the first,
 * since the gateway merges the items of one list only. So such a list merges what is put into it by itself.
 */
export class MergedRows {
  readonly #fields: SubgraphFields;
  /** Where lists of lists are in a fetch that another fetch brings too. */
  readonly #shared = new NotedPlans((plan) => this.#sharedIn(plan));

  constructor(fields: SubgraphFields) {
    this.#fields = fields;
  }

  /** Takes the plan of a request before it runs. */
  note(requestContext: object, plan: QueryPlan): void {
    this.#shared.note(requestContext, plan);
  }

  /** The way to a subgraph, in whose answers such lists merge. */
  merge(source: GraphQLDataSource<RequestContext>): GraphQLDataSource<RequestContext> {
    return {
      process: async (processing) => {
        const answer = await source.process(processing);
        for (const names of this.#shared.of(processing) ?? []) replaceLists(answer.data, names);
        return answer;
      },
    };
  }

  #sharedIn({ node }: QueryPlan): ReadonlyMap<string, readonly Names[]> {
    const byPlace = new Map<string, { readonly text: string; readonly names: Names }[]>();
    for (const step of (node && stepsOf(node)) ?? []) {
      for (const names of this.#listsOf(step)) {
        const place = [...namesOf(step), ...names].join('.');
        const known = byPlace.get(place) ?? [];
        const top = step.fetch.requires === undefined ? [] : ['_entities'];
        byPlace.set(place, [...known, { text: step.fetch.operation, names: [...top, ...names] }]);
      }
    }
    const shared = new Map<string, readonly Names[]>();
    for (const { text, names } of [...byPlace.values()].filter((some) => some.length > 1).flat())
      shared.set(text, [...(shared.get(text) ?? []), names]);
    return shared;
  }

  #listsOf({ fetch, operation, selected }: PlanStep): readonly Names[] {
    const fields = this.#fields;
    const found = new Map<string, Names>();
    collect(selected, fetch.requires === undefined ? rootTypes[operation.operation] : '', []);
    return [...found.values()];

    function collect({ selections }: SelectionSetNode, type: string, above: Names): void {
      for (const selection of selections) {
        if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
        const { selectionSet } = selection;
        if (selectionSet === undefined) continue;
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          collect(selectionSet, selection.typeCondition?.name.value ?? type, above);
          continue;
        }
        const { value: name } = selection.name;
        const names = [...above, clientKey(selection)];
        if (fields.listsIn(type, name) > 1) found.set(names.join('.'), names);
        collect(selectionSet, fields.typeBelow(type, name) ?? '', names);
      }
    }
  }
}

function replaceLists(value: unknown, names: Names): void {
  if (Array.isArray(value)) value.forEach((item: unknown) => replaceLists(item, names));
  const [name, ...below] = names;
  if (!isJsonObject(value) || name === undefined) return;
  const inside = value[name];
  if (below.length > 0) replaceLists(inside, below);
  else if (Array.isArray(inside)) value[name] = mergingList(inside);
}

/** A list whose items stay when another one is put in their place, and take what that one has. */
function mergingList(list: unknown[]): unknown[] {
  return new Proxy(list, {
    set: (items, index, item) => Reflect.set(items, index, merged(Reflect.get(items, index), item)),
  });
}

/** The same object or list as before, since later fetches may hold what is in it. */
function merged(known: unknown, more: unknown): unknown {
  if (Array.isArray(known) && Array.isArray(more) && known.length === more.length) {
    for (const [index, item] of more.entries()) known[index] = merged(known[index], item);
    return known;
  }
  if (!isJsonObject(known) || !isJsonObject(more)) return more;
  for (const [name, item] of Object.entries(more)) {
    const value = Object.hasOwn(known, name) ? merged(known[name], item) : item;
    // A scalar may have a key that is called `__proto__`.
    Object.defineProperty(known, name, { ...plainProperty, value });
  }
  return known;
}

const plainProperty = { enumerable: true, configurable: true, writable: true };
