import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';

/**
 * How many pairs of fields of one name in one place, and of fragments in one place, there are in a document: each has to
 * be compared to find out whether they can be merged, and their number grows with the square of what is repeated.
 * https://spec.graphql.org/October2021/#sec-Field-Selection-Merging
 *
 * What is merged is walked through with every fragment in its place, up to a number of selections that no operation
 * within the usual limits has: fragments that multiply, or lead back to themselves, are for others to refuse. Counting
 * ends beyond `most`.
 */
export function countComparisons(document: DocumentNode, most: number): number {
  const counter = new ComparisonCounter(document, most);
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) counter.count([node.selectionSet]);
  // Those that nobody spreads are looked at as well.
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION && !counter.isReached(node.name.value))
      counter.count([node.selectionSet]);
  return counter.found;
}

const mostSelections = 50_000;

class ComparisonCounter {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #reached = new Set<string>();
  readonly #most: number;
  #selections = 0;
  found = 0;

  constructor(document: DocumentNode, most: number) {
    this.#fragments = fragmentsOf(document);
    this.#most = most;
  }

  isReached(fragment: string): boolean {
    return this.#reached.has(fragment);
  }

  /** @param sets whose fields end up in one object of the answer */
  count(sets: readonly SelectionSetNode[]): void {
    const pending = [sets];
    for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
      if (this.found > this.#most || this.#selections > mostSelections) return;
      const { groups, spread } = this.#collect(place);
      this.found += pairsOf(spread.size) + (place.length - 1) * spread.size;
      for (const nodes of groups.values()) {
        this.found += pairsOf(nodes.length);
        const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
        if (inner.length > 0) pending.push(inner);
      }
    }
  }

  #collect(sets: readonly SelectionSetNode[]): {
    readonly groups: ReadonlyMap<string, readonly FieldNode[]>;
    readonly spread: ReadonlySet<string>;
  } {
    const groups = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const pending = [...sets];
    for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
      this.#selections += set.selections.length;
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          const nodes = groups.get(key);
          if (nodes === undefined) groups.set(key, [selection]);
          else nodes.push(selection);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          pending.push(selection.selectionSet);
        } else {
          const name = selection.name.value;
          const fragment = this.#fragments.get(name);
          if (fragment === undefined || spread.has(name)) continue;
          this.#reached.add(name);
          spread.add(name);
          pending.push(fragment.selectionSet);
        }
      }
    }
    return { groups, spread };
  }
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}
