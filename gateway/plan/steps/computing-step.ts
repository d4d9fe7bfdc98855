import type { FetchNode, QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  Kind,
  OperationTypeNode,
  print,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { variablesIn } from '../../../hub/compile/variables-in.ts';
import type { SubgraphFields } from '../../../registry/subgraph-fields.ts';
import { contextRewritesBelow } from './context-paths.ts';
import { namesIn, namesOf, toStep, type PlanStep } from './plan-step.ts';
import { fragmentOn, type WithdrawnField } from './withdraw-fields.ts';

/** A fetch of computed fields of an entity, with all that they require; they are of one subgraph, place and type. */
export function computingStep(
  [first, ...others]: readonly [WithdrawnField, ...WithdrawnField[]],
  fields: SubgraphFields,
): PlanStep {
  const { subgraph, path, typeName, askedAs, key, step } = first;
  const all = [first, ...others].map((one) => ({
    ...one,
    field: withoutImpossible(one.field, typeName, fields),
  }));
  const selected = fragmentOn(
    askedAs,
    all.map(({ field }) => field),
  );
  const used = variablesIn(all.map(({ field }) => field));
  const definitions = all
    .flatMap((one) => one.step.operation.variableDefinitions ?? [])
    .filter(({ variable }) => used.has(variable.name.value))
    .map(print);
  const own = [...new Set(['$representations: [_Any!]!', ...definitions])].join(', ');
  const needed = [key, ...all.map(({ required }) => required)];
  const { operationName } = step.fetch;
  // As the planner has it: a name that is sent beside a text without one names no operation.
  const head = operationName === undefined ? 'query' : `query ${operationName}`;
  const isInterfaceObject = fields.typeOf(subgraph, askedAs)?.isInterfaceObject === true;
  const contextRewrites = all.flatMap(({ step, field }) => {
    const levels = namesIn(path).length - namesOf(step).length;
    return contextRewritesBelow(step.fetch, variablesIn([field]), levels);
  });
  const fetch: FetchNode = {
    kind: 'Fetch',
    serviceName: subgraph,
    requires: [
      {
        kind: 'InlineFragment',
        typeCondition: typeName,
        selections: [{ kind: 'Field', name: '__typename' }, ...toRequires(needed)],
      },
    ],
    variableUsages: [...used],
    operation: `${head}(${own}) { _entities(representations: $representations) { ${print(selected)} } }`,
    operationKind: OperationTypeNode.QUERY,
    operationName,
    ...(contextRewrites.length > 0 && { contextRewrites }),
    // The subgraph knows the interface alone, and none of its types.
    ...(isInterfaceObject && {
      inputRewrites: [
        { kind: 'ValueSetter', path: [`... on ${typeName}`, '__typename'], setValueTo: askedAs },
      ],
    }),
  };
  return toStep(fetch, path);
}

/** As the gateway has it: each field and each type once, since of two the second one would win. */
export function toRequires(sets: readonly SelectionSetNode[]): QueryPlanSelectionNode[] {
  const below = new Map<string, SelectionSetNode[]>();
  for (const selection of sets.flatMap(({ selections }) => selections)) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    const isField = selection.kind === Kind.FIELD;
    const name = isField
      ? selection.name.value
      : `... ${selection.typeCondition?.name.value ?? ''}`;
    const known = below.get(name) ?? [];
    const { selectionSet } = selection;
    below.set(name, selectionSet === undefined ? known : [...known, selectionSet]);
  }
  return [...below].map(([name, inside]): QueryPlanSelectionNode => {
    if (!name.startsWith('... ')) {
      return { kind: 'Field', name, ...(inside.length > 0 && { selections: toRequires(inside) }) };
    }
    const typeCondition = name.slice('... '.length);
    return {
      kind: 'InlineFragment',
      ...(typeCondition !== '' && { typeCondition }),
      selections: toRequires(inside),
    };
  });
}

/** A fragment of the planner's may hold what no object there is of, and what the subgraph does not know. */
function withoutImpossible(field: FieldNode, typeName: string, fields: SubgraphFields): FieldNode {
  const type = fields.typeBelow(typeName, field.name.value);
  const { selectionSet } = field;
  if (selectionSet === undefined || type === undefined) return field;
  return { ...field, selectionSet: possible(selectionSet, type) };

  function possible(set: SelectionSetNode, parent: string): SelectionSetNode {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return [withoutImpossible(selection, parent, fields)];
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
      const narrowed = fields.narrow(parent, selection.typeCondition?.name.value);
      if (narrowed === undefined) return [];
      const below = possible(selection.selectionSet, narrowed);
      return below.selections.length === 0 ? [] : [{ ...selection, selectionSet: below }];
    });
    return { ...set, selections };
  }
}
