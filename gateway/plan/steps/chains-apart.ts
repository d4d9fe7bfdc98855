import {
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { FieldOwner, SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { toStep, type PlanStep } from './plan-step.ts';
import { rootTypes, treeOf, typename, type WithdrawnField } from './withdraw-fields.ts';

interface ChainsApart {
  /** The operation with what such fields require in their place. */
  readonly document: DocumentNode;
  readonly withdrawn: readonly WithdrawnField[];
}

/**
 * Apollo's planner (2.14.4) finds no plan where an interface object computes a field of one that another interface
 * object computes in turn, `{ media { shout } }` with `shout @requires(fields: "badge")` and elsewhere
 * `badge @requires(fields: "title")`. So it is asked for what such a field requires, and the field gets a fetch of its
 * own, which follows all that it needs.
 *
 * @param text one operation with the fragments that it needs
 * @returns undefined where there is no such field
 */
export function chainsApart(text: string, fields: SubgraphFields): ChainsApart | undefined {
  // As if the operation were a fetch, which is what withdrawn fields come from.
  const operationKind = OperationTypeNode.QUERY;
  const step = toStep(
    { kind: 'Fetch', serviceName: '', operation: text, operationKind, operationName: undefined },
    [],
  );
  const { operation } = step;
  const withdrawn: WithdrawnField[] = [];
  const selectionSet = apart(step.selected, rootTypes[operation.operation], []);
  if (withdrawn.length === 0) return undefined;
  const asked: OperationDefinitionNode = { ...operation, selectionSet };
  return { document: { kind: Kind.DOCUMENT, definitions: [asked] }, withdrawn };

  function apart(
    { selections }: SelectionSetNode,
    type: string,
    path: PlanStep['path'],
  ): SelectionSetNode {
    return {
      kind: Kind.SELECTION_SET,
      selections: selections.flatMap((selection): readonly SelectionNode[] => {
        if (selection.kind === Kind.FIELD) return fieldApart(selection, type, path);
        if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
        const narrowed = fields.narrow(type, selection.typeCondition?.name.value);
        if (narrowed === undefined) return [];
        const below = apart(selection.selectionSet, narrowed, path);
        return below.selections.length === 0 ? [] : [{ ...selection, selectionSet: below }];
      }),
    };
  }

  function fieldApart(
    field: FieldNode,
    type: string,
    path: PlanStep['path'],
  ): readonly SelectionNode[] {
    const owner = chainedOwner(type, field.name.value);
    if (owner !== undefined) {
      withdrawn.push({ step, path, typeName: type, field, ...owner });
      const needed = [...owner.key.selections, ...owner.required.selections];
      return [
        typename,
        ...apart({ kind: Kind.SELECTION_SET, selections: needed }, type, path).selections,
      ];
    }
    const { selectionSet } = field;
    const below = fields.typeBelow(type, field.name.value);
    if (selectionSet === undefined || below === undefined) return [field];
    const lists = Array.from({ length: fields.listsIn(type, field.name.value) }, () => '@');
    const place = [...path, (field.alias ?? field.name).value, ...lists];
    return [{ ...field, selectionSet: apart(selectionSet, below, place) }];
  }

  /** Who computes a field as one of an interface object, of what is computed in turn. */
  function chainedOwner(type: string, name: string): FieldOwner | undefined {
    return fields
      .ownersOf(type, name)
      .find(
        ({ subgraph, askedAs, required }) =>
          fields.typeOf(subgraph, askedAs)?.isInterfaceObject === true &&
          [...treeOf(required).keys()].some((needed) =>
            fields
              .ownersOf(type, needed)
              .every((one) => one.subgraph !== subgraph && one.required.selections.length > 0),
          ),
      );
  }
}
