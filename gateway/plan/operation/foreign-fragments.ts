import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DefinitionNode,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLAbstractType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type NameNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { raise } from '../../../foundation/errors/tributary-error.ts';
import type { ObjectBehind, ObjectsBehind } from '../../../registry/narrowed-fields.ts';
import { fragmentsOf } from '../../../hub/compile/collect-fields.ts';
import { asRefusal } from '../../graph/as-refusal.ts';
import { measureDocument } from '../../limits/measure-document.ts';

/** A fragment becomes several at each level, which the limits of what a client may send know nothing of. */
const mostFields = 10_000;

/**
 * Mends what Apollo's planner (2.14.4) breaks off at: a fragment on another interface, or on a union, within an
 * interface that some subgraph has as an object, `{ thing { ... on Timed { t } } }`. It looks for what is both in that
 * subgraph, where there is only the object. So the fragment becomes one for each object type that is both; or one on
 * the interface itself, where all of its objects are of the other.
 *
 * What is asked of a field behind which there is such an interface goes into a fragment on that, so that the planner
 * takes it for what it is.
 *
 * @throws QUESTION_TOO_COMPLEX; QUESTION_UNPLANNABLE
 */
export function withoutForeignFragments(
  document: DocumentNode,
  schema: GraphQLSchema,
  names: InterfaceObjectNames,
): DocumentNode {
  if (names.interfaceObjects.size === 0) return document;
  const opened = new OpenedDocument(document, schema, names).opened();
  if (!measureDocument(opened).some(({ fields }) => fields > mostFields)) return opened;
  const problem = `with a fragment for each type of an interface they come to more than ${mostFields} fields`;
  throw asRefusal(raise('QUESTION_TOO_COMPLEX', { problem }));
}

export interface InterfaceObjectNames {
  /** Names of interfaces that a subgraph has as objects. */
  readonly interfaceObjects: ReadonlySet<string>;
  /** Fields of another interface behind which some subgraph has such objects. */
  readonly behindFields: ObjectsBehind;
}

type Type = GraphQLNamedType | undefined;

class OpenedDocument {
  readonly #document: DocumentNode;
  readonly #schema: GraphQLSchema;
  readonly #names: InterfaceObjectNames;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What is left of named ones. */
  readonly #named = new Map<string, SelectionSetNode>();
  /** Those that now stand in several types, once each, so that the document does not grow by itself. */
  readonly #shared: FragmentDefinitionNode[] = [];

  constructor(document: DocumentNode, schema: GraphQLSchema, names: InterfaceObjectNames) {
    this.#document = document;
    this.#schema = schema;
    this.#names = names;
    this.#fragments = fragmentsOf(document);
  }

  opened(): DocumentNode {
    const definitions = this.#document.definitions.flatMap((node): readonly DefinitionNode[] => {
      if (node.kind === Kind.OPERATION_DEFINITION) {
        const root = this.#schema.getRootType(node.operation) ?? undefined;
        return [{ ...node, selectionSet: this.#open(node.selectionSet, root) }];
      }
      if (node.kind !== Kind.FRAGMENT_DEFINITION) return [node];
      const selectionSet = this.#openNamed(node);
      return selectionSet.selections.length === 0 ? [] : [{ ...node, selectionSet }];
    });
    return { ...this.#document, definitions: [...definitions, ...this.#shared] };
  }

  #openNamed({ name, typeCondition, selectionSet }: FragmentDefinitionNode): SelectionSetNode {
    const known = this.#named.get(name.value);
    if (known !== undefined) return known;
    const opened = this.#open(selectionSet, this.#schema.getType(typeCondition.name.value));
    this.#named.set(name.value, opened);
    return opened;
  }

  #open(set: SelectionSetNode, type: Type): SelectionSetNode {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind !== Kind.FIELD) {
        // Of another interface around it, a fragment may be on what no object here is of.
        const opened = this.#isAskedOf(selection, type) ? this.#openFragment(selection, type) : [];
        return opened.filter((one) => !this.#isEmptied(one));
      }
      const { selectionSet, name } = selection;
      if (selectionSet === undefined) return [selection];
      const hasFields = isObjectType(type) || isInterfaceType(type);
      const field = hasFields ? type.getFields()[name.value] : undefined;
      const below = field && getNamedType(field.type);
      const behind = this.#names.behindFields.get(`${type?.name}.${name.value}`);
      const opened =
        behind === undefined || !isAbstractType(below)
          ? this.#open(selectionSet, below)
          : this.#apart(selectionSet, below, behind);
      return [{ ...selection, selectionSet: opened }];
    });
    return { ...set, selections };
  }

  /** What not the interface itself tells, asked of each interface object, and of each type that is not within one. */
  #apart(set: SelectionSetNode, type: GraphQLAbstractType, behind: ObjectBehind): SelectionSetNode {
    const objects = behind.objects.flatMap((name) => {
      const object = this.#schema.getType(name);
      return isInterfaceType(object) ? [object] : [];
    });
    const isOwn = (one: SelectionNode): boolean =>
      one.kind === Kind.FIELD && behind.own.has(one.name.value);
    const told = { ...set, selections: set.selections.filter(isOwn) };
    const rest = set.selections.filter((one) => !isOwn(one));
    const others = this.#schema
      .getPossibleTypes(type)
      .filter((one) => !objects.some((object) => this.#schema.isSubType(object, one)));
    const apart = [...objects, ...others].flatMap((one) => {
      const selections = rest.filter((selection) => this.#isAskedOf(selection, one));
      if (selections.length === 0) return [];
      if (!behind.isAlone && isInterfaceType(one)) this.#refuseNarrower(selections, one);
      return [on(one.name, this.#open({ ...set, selections }, one))];
    });
    return { ...set, selections: [...this.#open(told, type).selections, ...apart] };
  }

  /** Whether objects of the type may be of that of the fragment. */
  #isAskedOf(selection: SelectionNode, type: Type): boolean {
    const condition = this.#conditionOf(selection);
    if (condition === undefined || type === undefined) return true;
    const typesOf = (one: GraphQLNamedType): readonly GraphQLNamedType[] =>
      isAbstractType(one) ? this.#schema.getPossibleTypes(one) : [one];
    return typesOf(condition).some((one) => typesOf(type).includes(one));
  }

  /**
   * Beside other types, the planner loses what is asked of a type of the interface object's, and we know no way to ask
   * for it.
   */
  #refuseNarrower(selections: readonly SelectionNode[], object: GraphQLInterfaceType): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) continue;
      const condition = this.#conditionOf(selection) ?? object;
      const isWider =
        condition === object ||
        (isAbstractType(condition) && this.#schema.isSubType(condition, object));
      if (!isWider) throw asRefusal(raise('QUESTION_UNPLANNABLE', {}));
      const fragment = this.#fragmentOf(selection);
      this.#refuseNarrower(fragment?.selectionSet.selections ?? [], object);
    }
  }

  #conditionOf(selection: SelectionNode): Type {
    if (selection.kind === Kind.FIELD) return undefined;
    const name = this.#fragmentOf(selection)?.typeCondition?.name.value;
    return name === undefined ? undefined : this.#schema.getType(name);
  }

  #fragmentOf(
    node: InlineFragmentNode | FragmentSpreadNode,
  ): InlineFragmentNode | FragmentDefinitionNode | undefined {
    return node.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(node.name.value) : node;
  }

  #openFragment(
    node: InlineFragmentNode | FragmentSpreadNode,
    parent: Type,
  ): readonly SelectionNode[] {
    const isNamed = node.kind === Kind.FRAGMENT_SPREAD;
    const fragment = this.#fragmentOf(node);
    if (fragment === undefined) return [node];
    const { typeCondition, selectionSet } = fragment;
    const type = typeCondition ? this.#schema.getType(typeCondition.name.value) : parent;
    if (!this.#isInterfaceObject(parent) || !isAbstractType(type) || type === parent)
      return isNamed ? [node] : [{ ...node, selectionSet: this.#open(selectionSet, type) }];
    if (this.#schema.isSubType(type, parent))
      return [on(parent.name, this.#open(selectionSet, parent), node.directives)];
    const opened = isNamed
      ? this.#openNamed(fragment as FragmentDefinitionNode)
      : this.#open(selectionSet, type);
    if (opened.selections.length === 0) return [];
    const name = isNamed ? node.name : this.#share(opened, type);
    const spread = setOf({ kind: Kind.FRAGMENT_SPREAD, name });
    return this.#schema
      .getPossibleTypes(parent)
      .filter((one) => this.#schema.isSubType(type, one))
      .map((one) => on(one.name, spread, node.directives));
  }

  /** Whether nothing is left of a fragment, since no object is of all the types around what it had. */
  #isEmptied(node: SelectionNode): boolean {
    if (node.kind === Kind.INLINE_FRAGMENT)
      return node.selectionSet.selections.every((one) => this.#isEmptied(one));
    if (node.kind !== Kind.FRAGMENT_SPREAD) return false;
    const fragment = this.#fragments.get(node.name.value);
    return fragment !== undefined && this.#openNamed(fragment).selections.length === 0;
  }

  #isInterfaceObject(type: Type): type is GraphQLInterfaceType {
    return isInterfaceType(type) && this.#names.interfaceObjects.has(type.name);
  }

  #share(selectionSet: SelectionSetNode, { name: type }: GraphQLAbstractType): NameNode {
    let value = `of_${type}_${this.#shared.length}`;
    while (this.#fragments.has(value)) value += '_';
    const name = nameOf(value);
    const typeCondition = { kind: Kind.NAMED_TYPE, name: nameOf(type) } as const;
    this.#shared.push({ kind: Kind.FRAGMENT_DEFINITION, name, typeCondition, selectionSet });
    return name;
  }
}

function on(
  type: string,
  selectionSet: SelectionSetNode,
  directives: readonly DirectiveNode[] = [],
): InlineFragmentNode {
  const typeCondition = { kind: Kind.NAMED_TYPE, name: nameOf(type) } as const;
  return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet };
}

function setOf(selection: SelectionNode): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: [selection] };
}

function nameOf(value: string): NameNode {
  return { kind: Kind.NAME, value };
}
