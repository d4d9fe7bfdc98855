import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** A field of a selection set after fragments were spread: all nodes under one response key. */
export interface CollectedField {
  readonly responseKey: string;
  readonly name: string;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
}

/** What has to be known of an operation to spread its fragments and decide its conditions. */
export interface OperationScope {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Values of the variables that `@skip` and `@include` read. */
  readonly conditions: Readonly<Record<string, boolean>>;
}

/**
 * CollectFields of the GraphQL specification (6.3.2) for a type that is known: conditions are decided, fragments
 * whose type condition holds are spread, fields of one response key come together.
 *
 * @param typeNames the object type and every interface and union that it belongs to
 */
export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  typeNames: ReadonlySet<string>,
  scope: OperationScope,
): readonly CollectedField[] {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
  const spread = new Set<string>();
  for (const selectionSet of selectionSets) collect(selectionSet);
  return [...fields].map(([responseKey, nodes]) => ({
    responseKey,
    name: nodes[0].name.value,
    nodes,
  }));

  function collect(selectionSet: SelectionSetNode): void {
    for (const selection of selectionSet.selections) {
      if (!isIncluded(selection.directives ?? [], scope)) continue;
      switch (selection.kind) {
        case Kind.FIELD: {
          const responseKey = selection.alias?.value ?? selection.name.value;
          const known = fields.get(responseKey);
          if (known === undefined) fields.set(responseKey, [selection]);
          else known.push(selection);
          break;
        }
        case Kind.INLINE_FRAGMENT:
          if (holds(selection.typeCondition?.name.value)) collect(selection.selectionSet);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = scope.fragments.get(selection.name.value);
          if (fragment === undefined || spread.has(selection.name.value)) break;
          spread.add(selection.name.value);
          if (holds(fragment.typeCondition.name.value)) collect(fragment.selectionSet);
        }
      }
    }
  }

  function holds(typeCondition: string | undefined): boolean {
    return typeCondition === undefined || typeNames.has(typeCondition);
  }
}

export function subSelections(field: CollectedField): readonly SelectionSetNode[] {
  return field.nodes.flatMap(({ selectionSet }) =>
    selectionSet === undefined ? [] : [selectionSet],
  );
}

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((node) => [node.name.value, node]));
}

/** Names of the variables that decide what is selected; a compiled operation is valid for one set of their values. */
export function conditionVariables(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  const names = new Set<string>();
  const pending: SelectionSetNode[] = [
    operation.selectionSet,
    ...[...fragments.values()].map(({ selectionSet }) => selectionSet),
  ];
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const selection of set.selections) {
      for (const directive of selection.directives ?? []) {
        if (directive.name.value !== 'skip' && directive.name.value !== 'include') continue;
        const value = directive.arguments?.[0]?.value;
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      }
      if ('selectionSet' in selection && selection.selectionSet !== undefined)
        pending.push(selection.selectionSet);
    }
  }
  return [...names].toSorted();
}

/** What is wrong where one of them is null, as it may be in spite of its default. */
export function nullConditionProblem(name: string): string {
  return `Variable "$${name}" decides a condition, and must not be null.`;
}

function isIncluded(
  directives: NonNullable<FieldNode['directives']>,
  scope: OperationScope,
): boolean {
  return directives.every(({ name, arguments: given }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const value = given?.[0]?.value;
    const condition =
      value?.kind === Kind.VARIABLE
        ? scope.conditions[value.name.value] === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return condition === (name.value === 'include');
  });
}
