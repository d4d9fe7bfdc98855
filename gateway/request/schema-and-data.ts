import {
  Kind,
  print,
  separateOperations,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { variablesIn } from '../../hub/compile/variables-in.ts';

/** One half of an operation: a document that has it alone. */
export interface OperationHalf {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** What an operation asks about the schema, and what it asks of the data. A half that asks for nothing is undefined. */
export interface SchemaAndData {
  readonly schema: OperationHalf | undefined;
  readonly data: OperationHalf | undefined;
  /** The text of the half that asks for data, where it is one. */
  readonly dataText: string | undefined;
  /** Those of the root, in the order of the answer. */
  readonly responseKeys: readonly string[];
}

type Keeps = (fieldName: string) => boolean;

/** Parts the fields of the root; a plain `__typename` stays with the data, or with the schema where there is no data. */
export function partSchemaAndData(
  document: DocumentNode,
  operation: OperationDefinitionNode,
): SchemaAndData {
  const fragments = fragmentsOf(document);
  const all = rootFields(rootOf(operation, fragments, () => true).selections);
  const whole = { document, operation };
  const hasData = all.some(({ name }) => !name.startsWith('__'));
  const asksSchema = all.some(({ name }) => isOfSchema(name));
  const responseKeys = [...new Set(all.map(({ key }) => key))];
  if (!asksSchema) return { schema: undefined, data: whole, dataText: undefined, responseKeys };
  if (!hasData) return { schema: whole, data: undefined, dataText: undefined, responseKeys };
  const data = half((name) => !isOfSchema(name));
  return { schema: half(isOfSchema), data, dataText: print(data.document), responseKeys };

  function half(keeps: Keeps): OperationHalf {
    const part = { ...operation, selectionSet: rootOf(operation, fragments, keeps) };
    const separate = separateOperations({
      ...document,
      definitions: [part, ...fragments.values()],
    });
    return withUsedVariables(separate[part.name?.value ?? ''] ?? document, part);
  }
}

/** The other half may use the others. */
function withUsedVariables(
  { definitions, ...document }: DocumentNode,
  { variableDefinitions: declared = [], ...part }: OperationDefinitionNode,
): OperationHalf {
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const used = variablesIn([part, ...fragments]);
  const operation = {
    ...part,
    variableDefinitions: declared.filter(({ variable }) => used.has(variable.name.value)),
  };
  return { document: { ...document, definitions: [operation, ...fragments] }, operation };
}

function isOfSchema(fieldName: string): boolean {
  return fieldName === '__schema' || fieldName === '__type';
}

/** The selections of the root without those that are not kept, and with fragments in the places where they are spread. */
function rootOf(
  { selectionSet }: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  keeps: Keeps,
): SelectionSetNode {
  return filtered(selectionSet);

  function filtered({ kind, selections }: SelectionSetNode): SelectionSetNode {
    return { kind, selections: selections.flatMap(kept) };
  }

  function kept(selection: SelectionNode): readonly SelectionNode[] {
    if (selection.kind === Kind.FIELD) return keeps(selection.name.value) ? [selection] : [];
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (fragment === undefined) return [];
    const inside = filtered(fragment.selectionSet);
    if (inside.selections.length === 0) return [];
    const { typeCondition } = fragment;
    const { directives = [] } = selection;
    return [
      {
        kind: Kind.INLINE_FRAGMENT,
        ...(typeCondition && { typeCondition }),
        directives,
        selectionSet: inside,
      },
    ];
  }
}

function rootFields(
  selections: readonly SelectionNode[],
): readonly { readonly name: string; readonly key: string }[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return rootFields(selection.selectionSet.selections);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const { alias, name } = selection;
    return [{ name: name.value, key: (alias ?? name).value }];
  });
}
