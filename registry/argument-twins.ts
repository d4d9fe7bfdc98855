import {
  Kind,
  print,
  visit,
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { namedTypeOf } from '../mapping/field-type.ts';
import { findDirectives, stringArgument } from '../mapping/schema-source.ts';
import { mapContextSelections, typesWithContext } from './context-arguments.ts';
import type { FieldTwin, TwinsByName } from './field-twins.ts';
import { graphOf, isExternal, requiredFields, withRequired } from './join-field.ts';
import { linkInaccessible } from './link-inaccessible.ts';
import { unusedMark } from './unused-mark.ts';

interface WithTwins {
  readonly document: DocumentNode;
  readonly twins: TwinsByName;
}

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4). A field may require another one with arguments,
 * `@requires(fields: "price(currency: USD)")`, and the client, or a second such field, may ask for the same one with
 * other arguments. The planner then has two values for one response name: it fetches one of them and takes it for
 * both, so that a caller who asks for yen is given dollars, and nobody is told.
 * The same goes for what is taken out of a context, `@fromContext(field: "$shop { price(currency: USD) }")`.
 *
 * So each field with arguments that is required gets a twin for each list of arguments: a field without arguments, of
 * the same type in the same subgraphs, hidden from clients by `@inaccessible`, that is required in its place. The
 * planner cannot confuse those. No subgraph knows them: `withFieldTwins` of the gateway translates the fetches.
 */
export function addArgumentTwins(supergraph: DocumentNode): WithTwins {
  const registry = new TwinRegistry(supergraph);
  const bound = visit(supergraph, {
    ObjectTypeDefinition: (node) => registry.bind(node),
    InterfaceTypeDefinition: (node) => registry.bind(node),
  });
  const { twins } = registry;
  if (twins.size === 0) return { document: supergraph, twins };
  const { document, directive } = linkInaccessible(bound);
  const withTwins = visit(document, {
    ObjectTypeDefinition: (node) => registry.extend(node, directive),
    InterfaceTypeDefinition: (node) => registry.extend(node, directive),
  });
  return { document: withTwins, twins };
}

/** Where a field that is required stands. */
interface Place {
  /** The value of `join__Graph` for the subgraph whose field requires it. */
  readonly graph: string;
  /** Of one of which the object is that has it. */
  readonly typeNames: readonly string[];
}

type FieldsDefinition = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

class TwinRegistry {
  readonly #types = new Map<string, FieldsDefinition>();
  readonly twins = new Map<string, FieldTwin>();
  readonly #names = new Map<string, string>();
  /** By type and twin that it gets, the graphs (values of `join__Graph`) in which a field there requires the twin. */
  readonly #ofType = new Map<string, Map<string, Set<string>>>();
  readonly #contexts: ReadonlyMap<string, readonly string[]>;
  readonly #mark: string;

  constructor(supergraph: DocumentNode) {
    for (const node of supergraph.definitions)
      if (hasFields(node)) this.#types.set(node.name.value, node);
    this.#contexts = typesWithContext(supergraph);
    this.#mark = unusedMark(supergraph, '__with_');
  }

  /** The type with twins in what its fields require. */
  bind(type: FieldsDefinition): FieldsDefinition {
    return mapFields(type, (field) => {
      let isBound = false;
      const directives = (field.directives ?? []).map((directive) => {
        const bound = this.#bindContexts(this.#bindRequired(directive, type.name.value));
        isBound ||= bound !== directive;
        return bound;
      });
      return isBound ? { ...field, directives } : field;
    });
  }

  #bindRequired(directive: ConstDirectiveNode, typeName: string): ConstDirectiveNode {
    const requires = requiredFields(directive);
    if (requires === undefined) return directive;
    const place = { graph: graphOf(directive), typeNames: [typeName] };
    const bound = this.#withTwins(requires, place);
    return print(bound) === print(requires) ? directive : withRequired(directive, bound);
  }

  #bindContexts(directive: ConstDirectiveNode): ConstDirectiveNode {
    return mapContextSelections(directive, (selection, context) => {
      const typeNames = this.#contexts.get(context) ?? [];
      return this.#withTwins(selection, { graph: graphOf(directive), typeNames });
    });
  }

  /**
   * The type with the twins of its own fields. In a subgraph that has a field only because another one requires it,
   * the field makes place for those of its twins that are required there: the gateway refuses external fields without
   * use, and keys and `@provides` cannot use those with arguments.
   */
  extend(type: FieldsDefinition, inaccessible: string): FieldsDefinition | undefined {
    const twins = this.#ofType.get(type.name.value);
    if (twins === undefined) return undefined;
    const replaced = new Set<string>();
    const added = [...twins].flatMap(([name, graphs]) => {
      const field = this.twins.get(name)?.field ?? '';
      const original = type.fields?.find((candidate) => candidate.name.value === field);
      if (original === undefined) return [];
      replaced.add(field);
      const isUsed = (graph: string): boolean =>
        graphs.has(graph) || this.#isDemanded(type, field, graph, name);
      return [twinField(withoutExternals(original, isUsed), name, inaccessible)];
    });
    const kept = (type.fields ?? []).map((field) => {
      if (!replaced.has(field.name.value)) return field;
      return withoutExternals(field, (graph) => this.#isDemanded(type, field.name.value, graph));
    });
    return { ...type, fields: [...kept, ...added] };
  }

  #withTwins(selectionSet: SelectionSetNode, place: Place): SelectionSetNode {
    const selections = selectionSet.selections.map((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
      if (selection.kind === Kind.FIELD) return this.#withTwin(selection, place);
      const condition = selection.typeCondition?.name.value;
      const typeNames = condition === undefined ? place.typeNames : [condition];
      const below = this.#withTwins(selection.selectionSet, { ...place, typeNames });
      return { ...selection, selectionSet: below };
    });
    return { ...selectionSet, selections };
  }

  #withTwin(selection: FieldNode, { graph, typeNames }: Place): FieldNode {
    const definitions = typeNames.flatMap((type) => this.#fieldsOf(type, selection.name.value));
    if (definitions.length === 0) return selection;
    const place = { graph, typeNames: definitions.map(({ type }) => namedTypeOf(type)) };
    const below = selection.selectionSet && {
      selectionSet: this.#withTwins(selection.selectionSet, place),
    };
    const isPlain = definitions.every((one) => (one.arguments ?? []).length === 0);
    if (isPlain) return { ...selection, ...below };
    const name = this.#twinOf(selection);
    for (const type of typeNames) this.#addToType(type, name, graph);
    return { ...selection, ...below, name: { kind: Kind.NAME, value: name }, arguments: [] };
  }

  #fieldsOf(typeName: string, name: string): readonly FieldDefinitionNode[] {
    const fields = this.#types.get(typeName)?.fields ?? [];
    return fields.filter((field) => field.name.value === name);
  }

  #twinOf({ name, arguments: given = [] }: FieldNode): string {
    // What is required cannot have variables.
    const constants = given as readonly ConstArgumentNode[];
    const text = `${name.value}(${constants.map(print).toSorted().join()})`;
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const twin = `${name.value}${this.#mark}${this.#names.size}`;
    this.#names.set(text, twin);
    this.twins.set(twin, { field: name.value, arguments: constants });
    return twin;
  }

  /** What an interface has, its implementations have too. */
  #addToType(typeName: string, twin: string, graph: string): void {
    const twins = this.#ofType.get(typeName) ?? new Map<string, Set<string>>();
    const graphs = twins.get(twin) ?? new Set();
    this.#ofType.set(typeName, twins.set(twin, graphs.add(graph)));
    if (this.#types.get(typeName)?.kind !== Kind.INTERFACE_TYPE_DEFINITION) return;
    for (const { name, interfaces = [] } of this.#types.values()) {
      const isImplementation = interfaces.some((one) => one.name.value === typeName);
      if (isImplementation) this.#addToType(name.value, twin, graph);
    }
  }

  /**
   * Whether an interface of the type has the field in that graph, or the twin of the field, so that the type has to
   * have it there as well.
   */
  #isDemanded(type: FieldsDefinition, field: string, graph: string, twin?: string): boolean {
    return findDirectives(type, 'join__implements').some((directive) => {
      const name = stringArgument(directive, 'interface') ?? '';
      if (graphOf(directive) !== graph) return false;
      if (twin !== undefined && this.#ofType.get(name)?.has(twin) !== true) return false;
      const definition = this.#types.get(name)?.fields?.find((one) => one.name.value === field);
      const joins = (definition && findDirectives(definition, 'join__field')) ?? [];
      // Without a note of its own, a field is wherever its type is.
      return (
        definition !== undefined &&
        (joins.length === 0 || joins.some((join) => graphOf(join) === graph))
      );
    });
  }
}

/** The field without the subgraphs where it is external and not used. */
function withoutExternals(
  field: FieldDefinitionNode,
  isUsed: (graph: string) => boolean,
): FieldDefinitionNode {
  return {
    ...field,
    directives: (field.directives ?? []).filter((directive) => {
      const isExternalField = directive.name.value === 'join__field' && isExternal(directive);
      return !isExternalField || isUsed(graphOf(directive));
    }),
  };
}

function hasFields(node: DefinitionNode): node is FieldsDefinition {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function mapFields(
  type: FieldsDefinition,
  map: (field: FieldDefinitionNode) => FieldDefinitionNode,
): FieldsDefinition {
  const fields = type.fields?.map(map);
  const isSame = fields?.every((field, index) => field === type.fields?.[index]) ?? true;
  return isSame || fields === undefined ? type : { ...type, fields };
}

function twinField(
  { type, directives = [] }: FieldDefinitionNode,
  name: string,
  inaccessible: string,
): FieldDefinitionNode {
  return {
    kind: Kind.FIELD_DEFINITION,
    name: { kind: Kind.NAME, value: name },
    type,
    directives: [
      ...directives.filter((directive) => directive.name.value === 'join__field'),
      { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: inaccessible } },
    ],
  };
}
