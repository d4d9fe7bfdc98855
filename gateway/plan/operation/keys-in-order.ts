import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  print,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../../hub/compile/collect-fields.ts';

/**
 * Mends the order of the keys of an answer, which is that in which the selections come to the fields:
 * https://spec.graphql.org/September2025/#sec-Serialized-Map-Ordering
 *
 * Apollo's gateway (2.14.4) joins inline fragments of one type, and fields of one key, where the first of them stands:
 * `{ pet { ... on Cat { a } b ... on Cat { c } } }` is answered as `a c b`. Fragments that have names it leaves where
 * they are. So what it should not join becomes a fragment with a name of its own; the fetches are the same.
 *
 * @returns the same document where what is joined stands side by side
 */
export function withKeysInOrder(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  return new OrderedDocument(document, schema).ordered();
}

type Type = GraphQLNamedType | undefined;

/** What the gateway takes for one selection. */
interface Joined {
  readonly node: SelectionNode;
  readonly sets: SelectionSetNode[];
  /** Whether one of the same key stands before it, and something between them. */
  readonly isApart: boolean;
  /** How many selections, and how many fragments, stand before it. */
  readonly place: number;
  readonly fragmentsBefore: number;
}

class OrderedDocument {
  readonly #document: DocumentNode;
  readonly #schema: GraphQLSchema;
  readonly #names: Set<string>;
  readonly #apart: FragmentDefinitionNode[] = [];

  constructor(document: DocumentNode, schema: GraphQLSchema) {
    this.#document = document;
    this.#schema = schema;
    this.#names = new Set(fragmentsOf(document).keys());
  }

  ordered(): DocumentNode {
    const definitions = this.#document.definitions.map((node) => {
      if (node.kind === Kind.OPERATION_DEFINITION) {
        const root = this.#schema.getRootType(node.operation) ?? undefined;
        return { ...node, selectionSet: this.#order([node.selectionSet], root) };
      }
      if (node.kind !== Kind.FRAGMENT_DEFINITION) return node;
      const type = this.#schema.getType(node.typeCondition.name.value);
      return { ...node, selectionSet: this.#order([node.selectionSet], type) };
    });
    if (this.#apart.length === 0) return this.#document;
    return { ...this.#document, definitions: [...definitions, ...this.#apart] };
  }

  #order(sets: readonly SelectionSetNode[], type: Type): SelectionSetNode {
    const selections = joined(sets).map((one) => this.#rebuild(one, type));
    return { kind: Kind.SELECTION_SET, selections };
  }

  #rebuild({ node, sets, isApart }: Joined, type: Type): SelectionNode {
    if (sets.length === 0 || node.kind === Kind.FRAGMENT_SPREAD) return node;
    if (node.kind === Kind.FIELD) {
      const field = { ...node, selectionSet: this.#order(sets, typeBelow(type, node.name.value)) };
      return isApart && type ? this.#spread(setOf(field), type.name, []) : field;
    }
    const { typeCondition, directives = [] } = node;
    const inside = typeCondition ? this.#schema.getType(typeCondition.name.value) : type;
    const selectionSet = this.#order(sets, inside);
    return isApart && inside
      ? this.#spread(selectionSet, inside.name, directives)
      : { ...node, selectionSet };
  }

  #spread(
    selectionSet: SelectionSetNode,
    type: string,
    directives: readonly DirectiveNode[],
  ): FragmentSpreadNode {
    let value = `apart_${this.#apart.length}`;
    while (this.#names.has(value)) value += '_';
    this.#names.add(value);
    const name = { kind: Kind.NAME, value } as const;
    const typeCondition = {
      kind: Kind.NAMED_TYPE,
      name: { kind: Kind.NAME, value: type },
    } as const;
    this.#apart.push({ kind: Kind.FRAGMENT_DEFINITION, name, typeCondition, selectionSet });
    return { kind: Kind.FRAGMENT_SPREAD, name, directives };
  }
}

/** The selections as the gateway joins them, but for those between whose places something else stands. */
function joined(sets: readonly SelectionSetNode[]): readonly Joined[] {
  const all: Joined[] = [];
  const last = new Map<string, Joined>();
  let fragmentsBefore = 0;
  for (const node of sets.flatMap(({ selections }) => selections)) {
    const key = keyOf(node);
    const known = last.get(key);
    const set = node.kind === Kind.FRAGMENT_SPREAD ? undefined : node.selectionSet;
    // A value without selections has its place by now, and so has all that a fragment of this name brings.
    if (known !== undefined && set === undefined) continue;
    if (known !== undefined && set !== undefined && isBeside(known)) {
      known.sets.push(set);
      continue;
    }
    const one: Joined = {
      node,
      sets: set === undefined ? [] : [set],
      isApart: known !== undefined,
      place: all.length,
      fragmentsBefore,
    };
    all.push(one);
    last.set(key, one);
    if (node.kind !== Kind.FIELD) fragmentsBefore += 1;
  }
  return all;

  /** Other fields between two of one key change nothing; a fragment may have the key as well. */
  function isBeside(known: Joined): boolean {
    return known.node.kind === Kind.FIELD
      ? known.fragmentsBefore === fragmentsBefore
      : known.place === all.length - 1;
  }
}

/** Selections of one key are joined. */
function keyOf(node: SelectionNode): string {
  if (node.kind === Kind.FIELD) return (node.alias ?? node.name).value;
  const directives = node.directives?.map(print).join(' ') ?? '';
  if (node.kind === Kind.FRAGMENT_SPREAD) return `...${node.name.value} ${directives}`;
  return `... on ${node.typeCondition?.name.value ?? ''} ${directives}`;
}

function typeBelow(type: Type, field: string): Type {
  const hasFields = isObjectType(type) || isInterfaceType(type);
  const definition = hasFields ? type.getFields()[field] : undefined;
  return definition && getNamedType(definition.type);
}

function setOf(selection: SelectionNode): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: [selection] };
}
