import {
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import type { FieldTwins, RequiredTwins } from '../../registry/field-twins.ts';

/** A fetch of a plan as its subgraph understands it. */
export interface TwinFetch {
  readonly query: string;
  /** The forms in which the representations are sent; undefined where they hold no twins. */
  readonly variants: readonly EntityVariant[] | undefined;
}

export interface EntityVariant {
  /** Where its entities stand in the answer. */
  readonly key: string;
  /** The variable with its representations. */
  readonly variable: string;
  /** Where in a representation twins stand whose values it has. */
  readonly twins: ReadonlySet<string>;
}

interface Vocabulary {
  readonly byName: FieldTwins['byName'];
  /** What the fields of this subgraph require. */
  readonly requirements: RequiredTwins;
}

export function compileTwinFetch(text: string, vocabulary: Vocabulary): TwinFetch {
  const document = parse(text, { noLocation: true });
  const split = splitEntities(document, vocabulary) ?? { document, variants: undefined };
  const { isChanged, query } = withRealFields(split.document, vocabulary);
  const isAsPlanned = !isChanged && split.document === document;
  return { query: isAsPlanned ? text : query, variants: split.variants };
}

/** Each twin becomes an alias of the field that it stands for. */
function withRealFields(
  document: DocumentNode,
  { byName }: Vocabulary,
): { readonly isChanged: boolean; readonly query: string } {
  const real = visit(document, {
    Field(node) {
      const twin = byName.get(node.name.value);
      if (twin === undefined) return undefined;
      return {
        ...node,
        alias: node.alias ?? node.name,
        name: { kind: Kind.NAME, value: twin.field },
        arguments: [...twin.arguments, ...(node.arguments ?? [])],
      };
    },
  });
  return { isChanged: real !== document, query: print(real) };
}

/** Undefined for a fetch of root fields, and for entities none of whose fields requires a twin. */
function splitEntities(
  document: DocumentNode,
  { byName, requirements }: Vocabulary,
): { readonly document: DocumentNode; readonly variants: readonly EntityVariant[] } | undefined {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  const [entities] = operation?.selectionSet.selections ?? [];
  if (operation === undefined || entities?.kind !== Kind.FIELD) return undefined;
  if (entities.name.value !== '_entities' || entities.selectionSet === undefined) return undefined;
  const plain = { ...entities, selectionSet: withoutSpreads(entities.selectionSet, document) };
  const groups = groupFields(requiringFields(plain.selectionSet, requirements), byName);
  if (groups.length === 0) return undefined;
  const variants = groups.map(({ twins }, index): EntityVariant => {
    if (index === 0) return { key: '_entities', variable: 'representations', twins };
    return { key: `_entities_${index}`, variable: unusedVariable(operation, index), twins };
  });
  if (variants.length === 1) return { document, variants };
  const fields = variants.map((variant, index) =>
    variantField(plain, variant, (coordinate, name) => {
      if (name === '__typename') return true;
      const group = groups.findIndex(({ fields: own }) => own.has(coordinate));
      return Math.max(group, 0) === index;
    }),
  );
  return { document: withEntityFields(operation, document, fields, variants), variants };
}

/** Fields that can be asked for together, since no real field needs two values for them. */
interface FieldGroup {
  /** `Type.field` of each. */
  readonly fields: Set<string>;
  readonly twins: Set<string>;
}

function groupFields(
  requiring: RequiredTwins,
  byName: Vocabulary['byName'],
): readonly FieldGroup[] {
  const groups: FieldGroup[] = [];
  for (const [coordinate, needed] of requiring) {
    const fitting = groups.find(({ twins }) => !clashes(twins, needed));
    const group = fitting ?? { fields: new Set(), twins: new Set() };
    if (fitting === undefined) groups.push(group);
    group.fields.add(coordinate);
    for (const twin of needed) group.twins.add(twin);
  }
  return groups;

  function clashes(twins: ReadonlySet<string>, needed: ReadonlySet<string>): boolean {
    return [...needed].some((one) =>
      [...twins].some((other) => one !== other && realPath(one) === realPath(other)),
    );
  }

  function realPath(path: string): string {
    return path
      .split('.')
      .map((name) => byName.get(name)?.field ?? name)
      .join('.');
  }
}

/** Of the fields that are selected of entities, those that require twins. */
function requiringFields(
  selectionSet: SelectionSetNode,
  requirements: RequiredTwins,
): RequiredTwins {
  const found = new Map<string, ReadonlySet<string>>();
  filterFields(selectionSet, '', (coordinate) => {
    const needed = requirements.get(coordinate);
    if (needed !== undefined) found.set(coordinate, needed);
    return true;
  });
  return found;
}

type KeepField = (coordinate: string, name: string) => boolean;

/** The selections of an entity, without fields that are not kept and without fragments that this leaves empty. */
function filterFields(
  selectionSet: SelectionSetNode,
  typeName: string,
  isKept: KeepField,
): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      const name = selection.name.value;
      return isKept(`${typeName}.${name}`, name) ? [selection] : [];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    const type = selection.typeCondition?.name.value ?? typeName;
    const below = filterFields(selection.selectionSet, type, isKept);
    return below.selections.length === 0 ? [] : [{ ...selection, selectionSet: below }];
  });
  return { ...selectionSet, selections };
}

/** Fragments of the entities themselves are written out; those of their fields stay. */
function withoutSpreads(selectionSet: SelectionSetNode, document: DocumentNode): SelectionSetNode {
  const fragments = fragmentsOf(document);
  const inline = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FIELD) return selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return { ...selection, selectionSet: inline(selection.selectionSet) };
      }
      const fragment = fragments.get(selection.name.value);
      if (fragment === undefined) return selection;
      const { typeCondition } = fragment;
      const { directives = [] } = selection;
      const selections = inline(fragment.selectionSet);
      return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet: selections };
    }),
  });
  return inline(selectionSet);
}

function variantField(
  entities: FieldNode & { readonly selectionSet: SelectionSetNode },
  { key, variable }: EntityVariant,
  isKept: KeepField,
): FieldNode {
  return {
    ...entities,
    ...(key === '_entities' ? {} : { alias: { kind: Kind.NAME, value: key } }),
    arguments: (entities.arguments ?? []).map((argument) => ({
      ...argument,
      value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
    })),
    selectionSet: filterFields(entities.selectionSet, '', isKept),
  };
}

function withEntityFields(
  operation: OperationDefinitionNode,
  document: DocumentNode,
  selections: readonly FieldNode[],
  variants: readonly EntityVariant[],
): DocumentNode {
  const [given, ...others] = (operation.variableDefinitions ?? []).toSorted(
    (a, b) => Number(isOfRepresentations(b)) - Number(isOfRepresentations(a)),
  );
  if (given === undefined) return document;
  const own = variants.map(({ variable }): VariableDefinitionNode => {
    const name = { kind: Kind.NAME, value: variable } as const;
    return { ...given, variable: { kind: Kind.VARIABLE, name } };
  });
  const whole: OperationDefinitionNode = {
    ...operation,
    variableDefinitions: [...own, ...others],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const used = usedFragments(whole, document);
  return { ...document, definitions: [whole, ...used] };
}

function isOfRepresentations({ variable }: VariableDefinitionNode): boolean {
  return variable.name.value === 'representations';
}

function usedFragments(
  operation: OperationDefinitionNode,
  document: DocumentNode,
): readonly FragmentDefinitionNode[] {
  const fragments = fragmentsOf(document);
  const used = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || used.has(fragment)) return;
        used.add(fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return [...used];
}

function unusedVariable(
  { variableDefinitions = [] }: OperationDefinitionNode,
  index: number,
): string {
  const names = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  let name = `representations_${index}`;
  while (names.has(name)) name += '_';
  return name;
}
