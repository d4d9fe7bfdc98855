import {
  Kind,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ScalarTypeDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { namedTypeOf } from '../mapping/field-type.ts';
import { findDirectives, stringArgument } from '../mapping/schema-source.ts';
import { subgraphNames } from './field-twins.ts';
import {
  graphOf,
  inGraph,
  isExternal,
  joinFields,
  parseFieldSet,
  requiredFields,
} from './join-field.ts';
import { unusedMark } from './unused-mark.ts';

type ObjectTypes = ReadonlyMap<string, ObjectTypeDefinitionNode>;
type LeafType = EnumTypeDefinitionNode | ScalarTypeDefinitionNode;

/** The field that has, or stands behind, a name: twins have no definition yet. */
export type FieldOf = (typeName: string, name: string) => FieldDefinitionNode | undefined;

/**
 * Subgraphs that only the planner knows: each is another name for one that there is, and holds only what some computed
 * fields need. What is added to them is collected, and put into the supergraph at the end.
 */
export class ComputingGraphs {
  /** The name of the subgraph that there is, by that of the other. */
  readonly sameAs = new Map<string, string>();
  readonly #types: ObjectTypes;
  readonly #leafTypes: ReadonlyMap<string, LeafType>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #mark: string;
  /** Values for `join__Graph`, with the graph that each is another name for. */
  readonly #graphs = new Map<string, string>();
  readonly #nameOf = new Map<string, string>();
  readonly #ofType = new Map<string, Map<string, readonly ConstDirectiveNode[]>>();
  readonly #ofField = new Map<string, Map<string, ConstDirectiveNode>>();

  constructor(document: DocumentNode, types: ObjectTypes) {
    this.#types = types;
    this.#leafTypes = new Map(
      document.definitions
        .filter(
          (node) =>
            node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.SCALAR_TYPE_DEFINITION,
        )
        .map((node) => [node.name.value, node]),
    );
    this.#names = subgraphNames(document);
    this.#mark = unusedMark(document, '__computing_');
  }

  /** Whether objects are all that the selections lead through. */
  leadsThroughObjects(typeName: string, selectionSet: SelectionSetNode | undefined): boolean {
    const type = this.#types.get(typeName);
    if (selectionSet === undefined) return this.#leafTypes.has(typeName) || type === undefined;
    if (type === undefined) return false;
    return selectionSet.selections.every((selection) => {
      if (selection.kind !== Kind.FIELD) return false;
      const field = type.fields?.find(({ name }) => name.value === selection.name.value);
      if (field === undefined) return selection.name.value === '__typename';
      return this.leadsThroughObjects(namedTypeOf(field.type), selection.selectionSet);
    });
  }

  /** The keys by which a subgraph finds the type. */
  keysIn(typeName: string, graph: string): readonly SelectionSetNode[] {
    return this.#joinsOf(typeName, graph).flatMap((directive) => {
      const key = stringArgument(directive, 'key');
      return (key !== undefined && parseFieldSet(key)) || [];
    });
  }

  /** The graph that computes in place of another one what stands at this depth of a chain. */
  graphFor(original: string, depth: number): string {
    const graph = `${original}${this.#mark.toUpperCase()}${depth}`;
    const name = this.#names.get(original) ?? original;
    this.#graphs.set(graph, original);
    this.#nameOf.set(graph, `${name}${this.#mark}${depth}`);
    this.sameAs.set(`${name}${this.#mark}${depth}`, name);
    return graph;
  }

  /** Puts a type into the graph with its keys, and with the fields that are selected of it. */
  addSelections(
    graph: string,
    typeName: string,
    selectionSet: SelectionSetNode | undefined,
    fieldOf: FieldOf,
  ): void {
    const original = this.#graphs.get(graph) ?? '';
    this.#addType(graph, typeName, fieldOf);
    for (const selection of selectionSet?.selections ?? []) {
      if (selection.kind !== Kind.FIELD) continue;
      const name = selection.name.value;
      const field = fieldOf(typeName, name);
      if (field === undefined) continue;
      const join = joinFields(field).find(
        (one) =>
          graphOf(one) === original && (isExternal(one) || requiredFields(one) === undefined),
      );
      // A twin that is to be made yet says itself where it is.
      const isTwin = field.name.value !== name;
      if (join !== undefined && !isTwin)
        this.#addJoin(graph, `${typeName}.${name}`, inGraph(join, graph));
      this.addSelections(graph, namedTypeOf(field.type), selection.selectionSet, fieldOf);
    }
  }

  addTo(document: DocumentNode): DocumentNode {
    return visit(document, {
      EnumTypeDefinition: (node) =>
        node.name.value === 'join__Graph' ? this.#withGraphs(node) : this.#withEnumValues(node),
      ScalarTypeDefinition: (node) => this.#withJoins(node),
      ObjectTypeDefinition: (node) => {
        const fields = node.fields?.map((field) => {
          const joins = this.#ofField.get(`${node.name.value}.${field.name.value}`);
          if (joins === undefined) return field;
          return { ...field, directives: [...(field.directives ?? []), ...joins.values()] };
        });
        return this.#withJoins({ ...node, ...(fields && { fields }) });
      },
    });
  }

  #addType(graph: string, typeName: string, fieldOf: FieldOf): void {
    const graphs = this.#ofType.get(typeName) ?? new Map<string, readonly ConstDirectiveNode[]>();
    if (graphs.has(graph)) return;
    const original = this.#graphs.get(graph) ?? '';
    const joins = this.#joinsOf(typeName, original).map((directive) => inGraph(directive, graph));
    if (joins.length === 0) return;
    this.#ofType.set(typeName, graphs.set(graph, joins));
    for (const key of this.keysIn(typeName, original)) {
      this.addSelections(graph, typeName, key, fieldOf);
    }
  }

  #addJoin(graph: string, coordinate: string, join: ConstDirectiveNode): void {
    const joins = this.#ofField.get(coordinate) ?? new Map<string, ConstDirectiveNode>();
    this.#ofField.set(coordinate, joins.set(graph, join));
  }

  #joinsOf(typeName: string, graph: string): readonly ConstDirectiveNode[] {
    const type = this.#types.get(typeName) ?? this.#leafTypes.get(typeName);
    if (type === undefined) return [];
    return findDirectives(type, 'join__type').filter((one) => graphOf(one) === graph);
  }

  #withJoins<Node extends ObjectTypeDefinitionNode | LeafType>(node: Node): Node {
    const joins = [...(this.#ofType.get(node.name.value)?.values() ?? [])].flat();
    return joins.length === 0
      ? node
      : { ...node, directives: [...(node.directives ?? []), ...joins] };
  }

  #withEnumValues(node: EnumTypeDefinitionNode): EnumTypeDefinitionNode {
    const graphs = [...(this.#ofType.get(node.name.value)?.keys() ?? [])];
    const values = node.values?.map((value) => {
      const joins = graphs.flatMap((graph) =>
        findDirectives(value, 'join__enumValue')
          .filter((one) => graphOf(one) === this.#graphs.get(graph))
          .map((one) => inGraph(one, graph)),
      );
      return { ...value, directives: [...(value.directives ?? []), ...joins] };
    });
    return this.#withJoins({ ...node, ...(values && { values }) });
  }

  #withGraphs(node: EnumTypeDefinitionNode): EnumTypeDefinitionNode {
    const values = node.values ?? [];
    const added = [...this.#graphs].flatMap(([graph, original]) => {
      const value = values.find(({ name }) => name.value === original);
      const name = this.#nameOf.get(graph);
      if (value === undefined || name === undefined) return [];
      return [
        {
          ...value,
          name: { kind: Kind.NAME as const, value: graph },
          directives: (value.directives ?? []).map((directive) => named(directive, name)),
        },
      ];
    });
    return { ...node, values: [...values, ...added] };
  }
}

function named(directive: ConstDirectiveNode, name: string): ConstDirectiveNode {
  return {
    ...directive,
    arguments: (directive.arguments ?? []).map((argument) =>
      argument.name.value === 'name'
        ? { ...argument, value: { kind: Kind.STRING, value: name } }
        : argument,
    ),
  };
}
