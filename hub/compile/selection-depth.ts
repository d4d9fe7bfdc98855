import {
  Kind,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { HubLimits } from '../limits.ts';

interface OperationToMeasure {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Whoever collects fields or plans fetches calls itself for each fragment within a fragment; 4,000 are too many. */
export const mostNested = 1_000;

/** A selection set that is still to be looked into. */
interface Level {
  readonly selectionSet: SelectionSetNode;
  /** Counts fields alone. */
  readonly number: number;
  /** Counts fragments too. */
  readonly nested: number;
  /** The field that it is selected of; undefined for the operation's own. */
  readonly field: Step | undefined;
}

interface Step {
  readonly key: string;
  readonly parent: Step | undefined;
}

/**
 * Refuses an operation whose fields are nested in more levels than allowed. Fragments stand for what they spread.
 *
 * It keeps a list of its own instead of calling itself, and looks into a fragment again only on a deeper level than
 * before, so that neither depth nor fragments that multiply can exhaust it.
 *
 * @param found for the message: the levels, where they are known
 * @throws SELECTION_TOO_DEEP, DOCUMENT_TOO_NESTED
 */
export function checkSelectionDepth(
  { operation, fragments }: OperationToMeasure,
  { selectionDepth: limit }: Pick<HubLimits, 'selectionDepth'>,
  found: number | string = `more than ${limit}`,
): void {
  const deepest = new Map<string, Pick<Level, 'number' | 'nested'>>();
  const { selectionSet } = operation;
  const pending: Level[] = [{ selectionSet, number: 1, nested: 1, field: undefined }];
  for (let level = pending.pop(); level !== undefined; level = pending.pop()) {
    const { selectionSet, number, field } = level;
    const nested = level.nested + 1;
    if (number > limit) throw raise('SELECTION_TOO_DEEP', { path: pathText(field), limit, found });
    if (nested > mostNested)
      throw raise('DOCUMENT_TOO_NESTED', {
        what: 'The query with its fragments',
        limit: mostNested,
      });
    for (const selection of selectionSet.selections) {
      switch (selection.kind) {
        case Kind.FIELD: {
          if (selection.selectionSet === undefined) break;
          const key = (selection.alias ?? selection.name).value;
          const step = { key, parent: field };
          const inner = { selectionSet: selection.selectionSet, number: number + 1, nested };
          pending.push({ ...inner, field: step });
          break;
        }
        case Kind.INLINE_FRAGMENT:
          pending.push({ selectionSet: selection.selectionSet, number, nested, field });
          break;
        case Kind.FRAGMENT_SPREAD: {
          const name = selection.name.value;
          const fragment = fragments.get(name);
          const known = deepest.get(name) ?? { number: 0, nested: 0 };
          if (fragment === undefined || (number <= known.number && nested <= known.nested)) break;
          deepest.set(name, {
            number: Math.max(number, known.number),
            nested: Math.max(nested, known.nested),
          });
          pending.push({ selectionSet: fragment.selectionSet, number, nested, field });
        }
      }
    }
  }
}

/** Both ends of a path that is too long to read. */
function pathText(field: Step | undefined): string {
  const keys: string[] = [];
  for (let step = field; step !== undefined; step = step.parent) keys.push(step.key);
  keys.reverse();
  return keys.length <= 8
    ? keys.join('.')
    : [...keys.slice(0, 4), '…', ...keys.slice(-3)].join('.');
}
