import {
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
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
import { raise } from '../../foundation/errors/tributary-error.ts';
import { fragmentsOf } from '../../hub/compile/collect-fields.ts';
import { asRefusal } from '../graph/as-refusal.ts';
import { measureDocument } from '../limits/measure-document.ts';

/** A fragment becomes several at each level, which the limits of what a client may send know nothing of. */
const mostFields = 10_000;

/**
 * Mends what Apollo's planner (2.14.4) breaks off at: a fragment on another interface, or on a union, within an
 * interface that some subgraph has as an object, `{ thing { ... on Timed { t } } }`. It looks for what is both in that
 * subgraph, where there is only the object. So the fragment becomes one for each object type that is both; or one on
 * the interface itself, where all of its objects are of the other.
 *
 * @param interfaceObjects names of interfaces that a subgraph has as objects
 * @throws QUESTION_TOO_COMPLEX
 */
export function withoutForeignFragments(
  document: DocumentNode,
  schema: GraphQLSchema,
  interfaceObjects: ReadonlySet<string>,
): DocumentNode {
  if (interfaceObjects.size === 0) return document;
  const opened = new OpenedDocument(document, schema, interfaceObjects).opened();
  if (!measureDocument(opened).some(({ fields }) => fields > mostFields)) return opened;
  const problem = `with a fragment for each type of an interface they come to more than ${mostFields} fields`;
  throw asRefusal(raise('QUESTION_TOO_COMPLEX', { problem }));
}

type Type = GraphQLNamedType | undefined;

class OpenedDocument {
  readonly #document: DocumentNode;
  readonly #schema: GraphQLSchema;
  readonly #interfaceObjects: ReadonlySet<string>;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Those that now stand in several types, once each, so that the document does not grow by itself. */
  readonly #shared: FragmentDefinitionNode[] = [];

  constructor(
    document: DocumentNode,
    schema: GraphQLSchema,
    interfaceObjects: ReadonlySet<string>,
  ) {
    this.#document = document;
    this.#schema = schema;
    this.#interfaceObjects = interfaceObjects;
    this.#fragments = fragmentsOf(document);
  }

  opened(): DocumentNode {
    const definitions = this.#document.definitions.map((node) => {
      if (node.kind === Kind.OPERATION_DEFINITION) {
        const root = this.#schema.getRootType(node.operation) ?? undefined;
        return { ...node, selectionSet: this.#open(node.selectionSet, root) };
      }
      if (node.kind !== Kind.FRAGMENT_DEFINITION) return node;
      const type = this.#schema.getType(node.typeCondition.name.value);
      return { ...node, selectionSet: this.#open(node.selectionSet, type) };
    });
    return { ...this.#document, definitions: [...definitions, ...this.#shared] };
  }

  #open(set: SelectionSetNode, type: Type): SelectionSetNode {
    const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind !== Kind.FIELD) return this.#openFragment(selection, type);
      const { selectionSet, name } = selection;
      if (selectionSet === undefined) return [selection];
      const hasFields = isObjectType(type) || isInterfaceType(type);
      const field = hasFields ? type.getFields()[name.value] : undefined;
      const below = field && getNamedType(field.type);
      return [{ ...selection, selectionSet: this.#open(selectionSet, below) }];
    });
    return { ...set, selections };
  }

  #openFragment(
    node: InlineFragmentNode | FragmentSpreadNode,
    parent: Type,
  ): readonly SelectionNode[] {
    const isNamed = node.kind === Kind.FRAGMENT_SPREAD;
    const fragment = isNamed ? this.#fragments.get(node.name.value) : node;
    if (fragment === undefined) return [node];
    const { typeCondition, selectionSet } = fragment;
    const type = typeCondition ? this.#schema.getType(typeCondition.name.value) : parent;
    if (!this.#isInterfaceObject(parent) || !isAbstractType(type) || type === parent)
      return isNamed ? [node] : [{ ...node, selectionSet: this.#open(selectionSet, type) }];
    if (this.#schema.isSubType(type, parent))
      return [on(parent.name, this.#open(selectionSet, parent), node.directives)];
    const name = isNamed ? node.name : this.#share(this.#open(selectionSet, type), type);
    const spread = setOf({ kind: Kind.FRAGMENT_SPREAD, name });
    return this.#schema
      .getPossibleTypes(parent)
      .filter((one) => this.#schema.isSubType(type, one))
      .map((one) => on(one.name, spread, node.directives));
  }

  #isInterfaceObject(type: Type): type is GraphQLInterfaceType {
    return isInterfaceType(type) && this.#interfaceObjects.has(type.name);
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
