import type {
  FetchNode,
  PlanNode,
  QueryPlanSelectionNode,
  SubscriptionNode,
} from '@apollo/query-planner';
import { Kind, parse, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from '../../../hub/compile/collect-fields.ts';
import { writtenOut } from '../written-out.ts';

/** One fetch of a plan, with where its entities are. */
export interface PlanStep {
  readonly fetch: FetchNode;
  /** From the root of the answer to the entities, with `@` for each list; empty for root fields. */
  readonly path: readonly (string | number)[];
  readonly operation: OperationDefinitionNode;
  /** What it asks of its entities, or of the root, without named fragments. */
  readonly selected: SelectionSetNode;
}

/** The fetches of a plan in their order; undefined where a plan has more than these and their order. */
export function stepsOf(node: PlanNode | SubscriptionNode): readonly PlanStep[] | undefined {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel': {
      const steps = node.nodes.map(stepsOf);
      return steps.includes(undefined) ? undefined : steps.flatMap((some) => some ?? []);
    }
    case 'Subscription': {
      const rest = node.rest === undefined ? [] : stepsOf(node.rest);
      const first = stepsOf(node.primary);
      return rest && first && [...first, ...rest];
    }
    case 'Flatten':
      return stepsOf(node.node)?.map((step) => ({ ...step, path: [...node.path, ...step.path] }));
    case 'Fetch':
      return [toStep(node, [])];
    case 'Condition':
    case 'Defer':
      return undefined;
  }
}

/** All fetches of a plan, also those that not every request makes. */
export function* fetchesOf(node: PlanNode | SubscriptionNode | undefined): Generator<FetchNode> {
  switch (node?.kind) {
    case 'Fetch':
      yield node;
      break;
    case 'Flatten':
      yield* fetchesOf(node.node);
      break;
    case 'Sequence':
    case 'Parallel':
      for (const one of node.nodes) yield* fetchesOf(one);
      break;
    case 'Subscription':
      yield node.primary;
      yield* fetchesOf(node.rest);
      break;
    case 'Condition':
      yield* fetchesOf(node.ifClause);
      yield* fetchesOf(node.elseClause);
      break;
    case 'Defer':
    case undefined:
      break;
  }
}

export function toStep(fetch: FetchNode, path: PlanStep['path']): PlanStep {
  const document = parse(fetch.operation, { noLocation: true });
  const found = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (found === undefined) throw new Error(`A plan has a fetch without an operation.`);
  const fragments = fragmentsOf(document);
  const [entities] = found.selectionSet.selections;
  const isOfEntities = fetch.requires !== undefined && entities?.kind === Kind.FIELD;
  const selected = (isOfEntities && entities.selectionSet) || found.selectionSet;
  return { fetch, path, operation: found, selected: writtenOut(selected, fragments) };
}

/** Response names from the root on to the entities of a step. */
export function namesOf({ path }: PlanStep): readonly string[] {
  return namesIn(path);
}

export function namesIn(path: PlanStep['path']): readonly string[] {
  return path.filter((part): part is string => typeof part === 'string' && part !== '@');
}

/** A plan that runs in each of some groups all steps at once, and one group after the other. */
export function planOf(groups: readonly (readonly PlanStep[])[]): PlanNode {
  const nodes = groups.map((steps): PlanNode => oneOrMore('Parallel', steps.map(nodeOf)));
  return oneOrMore('Sequence', nodes);
}

function oneOrMore(kind: 'Sequence' | 'Parallel', nodes: PlanNode[]): PlanNode {
  const [first, ...others] = nodes;
  return first !== undefined && others.length === 0 ? first : { kind, nodes };
}

function nodeOf({ fetch, path }: PlanStep): PlanNode {
  return path.length === 0 ? fetch : { kind: 'Flatten', path: [...path], node: fetch };
}

/** A place in an answer that a step needs or brings: its response names, and the type of the object that has it. */
export interface AnswerPlace {
  readonly path: string;
  readonly type: string | undefined;
  /** The type of what is there, where it is an object. */
  readonly below?: string | undefined;
  /** What holds of the objects above it, where it is not there for all that have the same path. */
  readonly under?: readonly Condition[];
}

/** That an object is of a narrower type than others at its place in the answer. */
export interface Condition {
  /** Response names from the root on. */
  readonly path: string;
  readonly type: string;
}

/** What the representations of a step are made of; of those on an object type, the name of the type too. */
export function* neededPlaces(
  selections: readonly QueryPlanSelectionNode[],
  above: readonly string[],
  isObject: (type: string) => boolean,
  type?: string,
): Generator<AnswerPlace> {
  for (const selection of selections) {
    if (selection.kind === 'InlineFragment') {
      const condition = selection.typeCondition ?? type;
      if (condition !== undefined && isObject(condition)) {
        yield { path: [...above, '__typename'].join('.'), type: condition };
      }
      yield* neededPlaces(selection.selections, above, isObject, condition);
      continue;
    }
    if (selection.name === '__typename') continue;
    const path = [...above, selection.alias ?? selection.name];
    yield { path: path.join('.'), type };
    yield* neededPlaces(selection.selections ?? [], path, isObject);
  }
}
