import { Kind, type SelectionSetNode } from 'graphql';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { clientKey } from '../../fetch/planner-aliases.ts';
import { namesOf, type AnswerPlace, type Condition, type PlanStep } from './plan-step.ts';
import { rootTypes } from './withdraw-fields.ts';

/** Objects that a step asks about: of a type, which its subgraph may know by an interface alone, at its path. */
export interface AskedObjects {
  readonly type: string | undefined;
  /** What holds of the objects above them. */
  readonly under: readonly Condition[];
}

/** What the answer of a step puts into the whole one. */
export function* broughtPlaces(
  step: PlanStep,
  fields: SubgraphFields,
  asked: readonly AskedObjects[] = askedObjects(step),
): Generator<AnswerPlace> {
  const { serviceName: subgraph } = step.fetch;
  for (const { type, under } of asked)
    yield* brought(step.selected, { above: namesOf(step), type, level: type, asked: type, under });

  function* brought({ selections }: SelectionSetNode, at: At): Generator<AnswerPlace> {
    const { above, type, level } = at;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        // The planner also asks for what no object there is of, and for more of it in other steps.
        const narrowed =
          type === undefined ? condition : (fields.narrow(type, condition) ?? condition);
        const inside = { ...at, type: narrowed, asked: condition ?? at.asked };
        yield* brought(selection.selectionSet, inside);
        continue;
      }
      const response = clientKey(selection);
      // An interface object tells the name of the interface alone.
      const isOfInterface =
        at.asked !== undefined && fields.typeOf(subgraph, at.asked)?.isInterfaceObject === true;
      if (response === '__typename' && isOfInterface) continue;
      const path = [...above, response];
      const below = type && fields.typeBelow(type, selection.name.value);
      yield { path: path.join('.'), type, below, under: at.under };
      if (selection.selectionSet === undefined) continue;
      const isOfSome = type !== undefined && level !== undefined && type !== level;
      const under = isOfSome ? [...at.under, { path: above.join('.'), type }] : at.under;
      yield* brought(selection.selectionSet, {
        above: path,
        type: below,
        level: below,
        asked: below,
        under,
      });
    }
  }
}

/** Where in an answer something is asked. */
interface At {
  readonly above: readonly string[];
  /** What is known of the object there. */
  readonly type: string | undefined;
  /** What is known of all objects there. */
  readonly level: string | undefined;
  /** What the subgraph takes it for. */
  readonly asked: string | undefined;
  readonly under: readonly Condition[];
}

function askedObjects({ fetch: { requires }, operation }: PlanStep): readonly AskedObjects[] {
  if (requires === undefined) return [{ type: rootTypes[operation.operation], under: [] }];
  const types = requires.map((one) =>
    one.kind === 'InlineFragment' ? one.typeCondition : undefined,
  );
  return [...new Set(types)].map((type) => ({ type, under: [] }));
}
