import {
  Kind,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLOutputType,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { placeKey, type GuardedField, type GuardedSchema, type Place } from './guarded-schema.ts';
import { describeRequirements, type Requirement } from './requirement.ts';

/** A field that was left out of an operation. */
export interface WithheldField {
  /** Of the field in the answer. */
  readonly responseKey: string;
  readonly type: GraphQLOutputType;
  /** Says why. One for all answers, since making it takes longer than an answer. */
  readonly error: TributaryError;
}

/** An operation without what its caller may not read. */
export interface NarrowedOperation {
  /** With the operation, and the fragments that it may spread. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** By what stands in their places. */
  readonly withheld: ReadonlyMap<FieldNode, WithheldField>;
  /** The types of fields that have some of them below. */
  readonly types: ReadonlyMap<FieldNode, GraphQLOutputType>;
}

/**
 * Leaves the fields out of an operation that ask for something that is refused. In the place of each the type of the
 * object is asked for, under a key that the client has not: so the answer tells of which objects the field would have
 * been, and no selection set becomes empty.
 */
export function narrowOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  schema: GuardedSchema,
  refused: ReadonlySet<Requirement>,
): NarrowedOperation {
  return new Narrowing(document, schema, refused).narrow(operation);
}

class Narrowing {
  readonly #schema: GuardedSchema;
  readonly #refused: ReadonlySet<Requirement>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #prefix: string;
  readonly #withheld = new Map<FieldNode, WithheldField>();
  readonly #types = new Map<FieldNode, GraphQLOutputType>();
  /** Fragments in their places, by `placeKey`: a fragment may be narrowed in one place and whole in another. */
  readonly #inPlaces = new Map<string, FragmentDefinitionNode>();

  constructor(document: DocumentNode, schema: GuardedSchema, refused: ReadonlySet<Requirement>) {
    this.#schema = schema;
    this.#refused = refused;
    this.#fragments = fragmentsOf(document);
    this.#prefix = unusedPrefix(document);
  }

  narrow(authored: OperationDefinitionNode): NarrowedOperation {
    const root = this.#schema.rootOf(authored.operation);
    const { selectionSet } = authored;
    const operation =
      root === undefined
        ? authored
        : { ...authored, selectionSet: this.#narrowSet(selectionSet, root) };
    const fragments = new Set([...this.#fragments.values(), ...this.#inPlaces.values()]);
    return {
      document: { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] },
      operation,
      withheld: this.#withheld,
      types: this.#types,
    };
  }

  /** The set itself where nothing in it is withheld. */
  #narrowSet(set: SelectionSetNode, place: Place): SelectionSetNode {
    const selections = set.selections.map((one) => this.#narrowSelection(one, place));
    const isSame = selections.every((one, index) => one === set.selections[index]);
    return isSame ? set : { ...set, selections };
  }

  #narrowSelection(selection: SelectionNode, place: Place): SelectionNode {
    if (selection.kind === Kind.FIELD) return this.#narrowField(selection, place);
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.#narrowSpread(selection, place);
    const inside = this.#schema.within(place, selection.typeCondition?.name.value);
    const selectionSet = this.#narrowSet(selection.selectionSet, inside);
    return selectionSet === selection.selectionSet ? selection : { ...selection, selectionSet };
  }

  #narrowField(node: FieldNode, place: Place): FieldNode {
    const field = this.#schema.fieldIn(place, node.name.value);
    if (field === undefined) return node;
    const unmet = [...field.requirements].filter((one) => this.#refused.has(one));
    if (unmet.length > 0) return this.#withhold(node, field, unmet);
    const below = this.#schema.below(field);
    if (node.selectionSet === undefined || below === undefined) return node;
    const selectionSet = this.#narrowSet(node.selectionSet, below);
    if (selectionSet === node.selectionSet) return node;
    const narrowed: FieldNode = { ...node, selectionSet };
    this.#types.set(narrowed, field.type);
    return narrowed;
  }

  #withhold(
    node: FieldNode,
    { coordinate, type }: GuardedField,
    unmet: readonly Requirement[],
  ): FieldNode {
    const responseKey = (node.alias ?? node.name).value;
    const stand: FieldNode = {
      kind: Kind.FIELD,
      alias: { kind: Kind.NAME, value: `${this.#prefix}${responseKey}` },
      name: { kind: Kind.NAME, value: '__typename' },
    };
    const needs = describeRequirements(unmet);
    const error = raise('UNAUTHORIZED_FIELD_OR_TYPE', { field: coordinate, needs });
    this.#withheld.set(stand, { responseKey, type, error });
    return stand;
  }

  #narrowSpread(spread: FragmentSpreadNode, place: Place): FragmentSpreadNode {
    const fragment = this.#fragments.get(spread.name.value);
    if (fragment === undefined) return spread;
    const inside = this.#schema.within(place, fragment.typeCondition.name.value);
    const narrowed = this.#fragmentIn(fragment, inside);
    return narrowed === fragment ? spread : { ...spread, name: narrowed.name };
  }

  #fragmentIn(fragment: FragmentDefinitionNode, place: Place): FragmentDefinitionNode {
    const key = placeKey(fragment.name.value, place);
    const known = this.#inPlaces.get(key);
    if (known !== undefined) return known;
    const selectionSet = this.#narrowSet(fragment.selectionSet, place);
    const value = `${this.#prefix}${this.#inPlaces.size}_${fragment.name.value}`;
    const narrowed: FragmentDefinitionNode =
      selectionSet === fragment.selectionSet
        ? fragment
        : { ...fragment, name: { kind: Kind.NAME, value }, selectionSet };
    this.#inPlaces.set(key, narrowed);
    return narrowed;
  }
}

/** A beginning that no response key and no fragment has. */
function unusedPrefix(document: DocumentNode): string {
  const names = new Set<string>();
  visit(document, { Name: ({ value }) => void names.add(value) });
  let prefix = 'withheld_';
  while ([...names].some((name) => name.startsWith(prefix))) prefix += '_';
  return prefix;
}
