import {
  Kind,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type ObjectTypeDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { namedTypeOf } from '../mapping/field-type.ts';
import { collectTypes, stringArgument } from '../mapping/schema-source.ts';
import { ComputingGraphs } from './computing-graphs.ts';
import { coordinatesOfFieldSet } from './field-set.ts';
import type { FieldTwin, TwinsByName } from './field-twins.ts';
import {
  externalIn,
  graphOf,
  inGraph,
  isExternal,
  joinFields,
  requiredFields,
  withRequired,
} from './join-field.ts';
import { linkInaccessible } from './link-inaccessible.ts';
import { unusedMark } from './unused-mark.ts';

interface Separated {
  readonly document: DocumentNode;
  readonly twins: TwinsByName;
  /** Names of subgraphs, by those that were added. */
  readonly sameAs: ReadonlyMap<string, string>;
}

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4). A field may require one that its own subgraph computes of what it
 * requires in turn: `total @requires(fields: "postage")`, and elsewhere `postage @requires(fields: "grams")`. Where the
 * question comes to the object by way of the subgraph that computes `postage`, the planner takes the fetch of
 * `postage`, which has to wait for `grams`, and merges it into the first one there, which waits for nothing. The
 * subgraph is asked to compute of nothing: the answer is wrong, or an error.
 *
 * The planner merges only within one subgraph. So what is required and itself computed gets a twin, hidden from
 * clients, in a subgraph of its own that is the same server under another name, and has nothing besides: the keys, what
 * the twin requires, and the twin. What depends on each other stands in different ones.
 *
 * Objects only: a field that requires something through an interface or a union stays as it is.
 *
 * @param given the twins that the supergraph has already
 */
export function separateChainedRequires(document: DocumentNode, given: TwinsByName): Separated {
  const chain = new Chain(document, given);
  return chain.isEmpty ? { document, twins: given, sameAs: new Map() } : chain.separate();
}

/** A computed field of an object that another subgraph requires, and what becomes of it. */
interface ChainedField {
  readonly typeName: string;
  readonly field: FieldDefinitionNode;
  readonly twin: string;
  /** Graphs in which a field requires the twin. */
  readonly usedIn: Set<string>;
  readonly selectedBelow: SelectionSetNode[];
}

class Chain {
  readonly #document: DocumentNode;
  readonly #types: ReadonlyMap<string, ObjectTypeDefinitionNode>;
  readonly #graphs: ComputingGraphs;
  readonly #mark: string;
  readonly #twins: Map<string, FieldTwin>;
  readonly #twinNames = new Map<string, string>();
  /** By `Type.field` of the computed field. */
  readonly #chained = new Map<string, ChainedField>();
  /** What fields require, with twins. */
  readonly #bound = new Map<ConstDirectiveNode, SelectionSetNode>();

  constructor(document: DocumentNode, given: TwinsByName) {
    this.#document = document;
    this.#twins = new Map(given);
    this.#mark = unusedMark(document, '__via_');
    this.#types = new Map(
      document.definitions
        .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
        .map((node) => [node.name.value, node]),
    );
    this.#graphs = new ComputingGraphs(document, this.#types);
    for (const { name, fields = [] } of this.#types.values()) {
      for (const directive of fields.flatMap(joinFields)) {
        const required = requiredFields(directive);
        if (required === undefined) continue;
        this.#bound.set(directive, this.#bind(required, name.value, graphOf(directive)));
      }
    }
  }

  get isEmpty(): boolean {
    return this.#chained.size === 0;
  }

  separate(): Separated {
    for (const found of this.#chained.values()) this.#moveComputing(found);
    const { document, directive: inaccessible } = linkInaccessible(this.#document);
    const isKept = this.#externalsInUse();
    const separated = visit(document, {
      ObjectTypeDefinition: (node) => this.#withTwins(node, inaccessible, isKept),
    });
    const { sameAs } = this.#graphs;
    return { document: this.#graphs.addTo(separated), twins: this.#twins, sameAs };
  }

  /** The selections with twins for what other subgraphs compute. */
  #bind(selectionSet: SelectionSetNode, typeName: string, graph: string): SelectionSetNode {
    const selections = selectionSet.selections.map((selection): SelectionNode => {
      if (selection.kind !== Kind.FIELD) return selection;
      const field = fieldOf(this.#types, typeName, selection.name.value);
      if (field === undefined) return selection;
      const typeBelow = namedTypeOf(field.type);
      const isMovable = this.#isComputedElsewhere(typeName, field, selection.selectionSet, graph);
      const below = selection.selectionSet && this.#bind(selection.selectionSet, typeBelow, graph);
      const bound: FieldNode = { ...selection, ...(below && { selectionSet: below }) };
      if (!isMovable) return bound;
      const chained = this.#chain(typeName, field);
      chained.usedIn.add(graph);
      if (below !== undefined) chained.selectedBelow.push(below);
      return { ...bound, name: { kind: Kind.NAME, value: chained.twin } };
    });
    return { ...selectionSet, selections };
  }

  #isComputedElsewhere(
    typeName: string,
    field: FieldDefinitionNode,
    below: SelectionSetNode | undefined,
    graph: string,
  ): boolean {
    const computing = joinFields(field).filter((join) => requiredFields(join) !== undefined);
    if (!computing.some((join) => graphOf(join) !== graph)) return false;
    if (!this.#graphs.leadsThroughObjects(namedTypeOf(field.type), below)) return false;
    return computing.every((join) => {
      const isPlain = (join.arguments ?? []).every(({ name }) =>
        ['graph', 'requires', 'type'].includes(name.value),
      );
      const needed = [requiredFields(join), ...this.#graphs.keysIn(typeName, graphOf(join))];
      return isPlain && needed.every((set) => this.#graphs.leadsThroughObjects(typeName, set));
    });
  }

  #chain(typeName: string, field: FieldDefinitionNode): ChainedField {
    const name = field.name.value;
    const coordinate = `${typeName}.${name}`;
    const known = this.#chained.get(coordinate);
    if (known !== undefined) return known;
    const twin = this.#twinNames.get(name) ?? `${name}${this.#mark}${this.#twinNames.size}`;
    this.#twinNames.set(name, twin);
    this.#twins.set(twin, this.#twins.get(name) ?? { field: name, arguments: [] });
    const chained = { typeName, field, twin, usedIn: new Set<string>(), selectedBelow: [] };
    this.#chained.set(coordinate, chained);
    return chained;
  }

  /** Puts what the twin needs into the graph that computes it. */
  #moveComputing({ typeName, field, selectedBelow }: ChainedField): void {
    for (const directive of joinFields(field)) {
      const required = this.#bound.get(directive);
      if (required === undefined) continue;
      const graph = this.#graphs.graphFor(graphOf(directive), this.#depthOf(typeName, directive));
      const find = (type: string, name: string): FieldDefinitionNode | undefined => {
        const chained = this.#chainedTwin(type, name);
        chained?.usedIn.add(graph);
        return chained?.field ?? fieldOf(this.#types, type, name);
      };
      this.#graphs.addSelections(graph, typeName, required, find);
      const typeBelow = namedTypeOf(field.type);
      this.#graphs.addSelections(graph, typeBelow, undefined, find);
      for (const below of selectedBelow) this.#graphs.addSelections(graph, typeBelow, below, find);
    }
  }

  #chainedTwin(typeName: string, twin: string): ChainedField | undefined {
    return [...this.#chained.values()].find(
      (chained) => chained.typeName === typeName && chained.twin === twin,
    );
  }

  /** How many computed fields stand one upon the other in what a field requires. */
  #depthOf(
    typeName: string,
    directive: ConstDirectiveNode,
    above: readonly unknown[] = [],
  ): number {
    const required = this.#bound.get(directive);
    if (required === undefined || above.includes(directive)) return 0;
    const depthIn = ({ selections }: SelectionSetNode, type: string): number =>
      Math.max(
        0,
        ...selections.map((selection) => {
          if (selection.kind !== Kind.FIELD) return 0;
          const chained = this.#chainedTwin(type, selection.name.value);
          const field = chained?.field ?? fieldOf(this.#types, type, selection.name.value);
          const below = field && selection.selectionSet;
          const own = (chained === undefined ? [] : joinFields(chained.field)).map((join) =>
            this.#depthOf(type, join, [...above, directive]),
          );
          return Math.max(...own, below ? depthIn(below, namedTypeOf(field.type)) : 0);
        }),
      );
    return 1 + depthIn(required, typeName);
  }

  #withTwins(
    node: ObjectTypeDefinitionNode,
    inaccessible: string,
    isKept: (coordinate: string, graph: string) => boolean,
  ): ObjectTypeDefinitionNode {
    const fields = (node.fields ?? []).map((field) => {
      const coordinate = `${node.name.value}.${field.name.value}`;
      const usedIn = this.#chained.get(coordinate)?.usedIn ?? new Set();
      const directives = (field.directives ?? []).flatMap((directive) => {
        const isLeft =
          isExternal(directive) &&
          usedIn.has(graphOf(directive)) &&
          !isKept(coordinate, graphOf(directive));
        if (isLeft) return [];
        const bound = this.#bound.get(directive);
        return [bound === undefined ? directive : withRequired(directive, bound)];
      });
      return { ...field, directives };
    });
    const added = [...this.#chained.values()]
      .filter(({ typeName }) => typeName === node.name.value)
      .map((chained) => this.#twinField(chained, inaccessible));
    return { ...node, fields: [...fields, ...added] };
  }

  #twinField(
    { typeName, field, twin, usedIn }: ChainedField,
    inaccessible: string,
  ): FieldDefinitionNode {
    const own = joinFields(field).flatMap((directive) => {
      const required = this.#bound.get(directive);
      if (required === undefined) return isExternal(directive) ? [] : [directive];
      const graph = this.#graphs.graphFor(graphOf(directive), this.#depthOf(typeName, directive));
      return [withRequired(inGraph(directive, graph), required)];
    });
    return {
      kind: Kind.FIELD_DEFINITION,
      name: { kind: Kind.NAME, value: twin },
      type: field.type,
      directives: [
        ...own,
        ...[...usedIn].map(externalIn),
        { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: inaccessible } },
      ],
    };
  }

  /** Whether a subgraph needs an external field for more than what is required: a key, `@provides`, an interface. */
  #externalsInUse(): (coordinate: string, graph: string) => boolean {
    const sources = collectTypes(this.#document);
    const used = new Set<string>();
    const add = (graph: string, fieldSet: string | undefined, typeName: string): void => {
      for (const coordinate of coordinatesOfFieldSet(fieldSet ?? '', typeName, sources))
        used.add(`${graph} ${coordinate}`);
    };
    for (const { name, fields, directives } of sources.values()) {
      for (const directive of directives) {
        if (directive.name.value === 'join__type')
          add(graphOf(directive), stringArgument(directive, 'key'), name);
        const isImplementation = directive.name.value === 'join__implements';
        const interfaceName = isImplementation && stringArgument(directive, 'interface');
        const demanded = (interfaceName && sources.get(interfaceName)?.fields) || [];
        for (const field of demanded) used.add(`${graphOf(directive)} ${name}.${field.name.value}`);
      }
      for (const field of fields)
        for (const directive of joinFields(field))
          add(graphOf(directive), stringArgument(directive, 'provides'), namedTypeOf(field.type));
    }
    return (coordinate, graph) => used.has(`${graph} ${coordinate}`);
  }
}

function fieldOf(
  types: ReadonlyMap<string, ObjectTypeDefinitionNode>,
  typeName: string,
  name: string,
): FieldDefinitionNode | undefined {
  return types.get(typeName)?.fields?.find((field) => field.name.value === name);
}
