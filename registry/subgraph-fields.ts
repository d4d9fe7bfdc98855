import {
  Kind,
  print,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { namedTypeOf } from '../mapping/field-type.ts';
import {
  collectTypes,
  findDirectives,
  stringArgument,
  type TypeSource,
} from '../mapping/schema-source.ts';
import { typesWithContext } from './context-arguments.ts';
import { coordinatesOfFieldSet } from './field-set.ts';
import { subgraphNames } from './field-twins.ts';
import {
  graphOf,
  isExternal,
  isInterfaceObject as isJoinedAsObject,
  isSaid,
  joinFields,
  parseFieldSet,
  requiredFields,
} from './join-field.ts';

/** What a subgraph needs, or lacks, to answer a field. */
export type FieldOfSubgraph =
  | { readonly kind: 'own' }
  /** Another subgraph has it; this one answers it only where it provides it. */
  | { readonly kind: 'external' }
  /** It is computed of what other subgraphs have. */
  | { readonly kind: 'computed'; readonly required: SelectionSetNode };

export interface FieldOwner {
  readonly subgraph: string;
  /** The type as the subgraph knows it: that of the objects, or an interface which it has as an object. */
  readonly askedAs: string;
  readonly key: SelectionSetNode;
  readonly required: SelectionSetNode;
}

const nothing: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };

interface TypeOfSubgraph {
  /** By which the subgraph finds the type's objects. */
  readonly keys: readonly SelectionSetNode[];
  readonly isInterfaceObject: boolean;
}

const own: FieldOfSubgraph = { kind: 'own' };

const unknownType: TypeOfSubgraph = { keys: [], isInterfaceObject: false };

/** What a supergraph says of the types and fields of each subgraph, which is called by its name. */
export class SubgraphFields {
  readonly #sources: ReadonlyMap<string, TypeSource>;
  /** By subgraph and `Type.field`. */
  readonly #fields = new Map<string, FieldOfSubgraph>();
  /** By `Type.field`, of those that not all subgraphs of their type have. */
  readonly #graphs = new Map<string, readonly string[]>();
  readonly #provided = new Map<string, SelectionSetNode>();
  readonly #types = new Map<string, TypeOfSubgraph>();
  /** By subgraph and `Type.field`, of those whose type differs between subgraphs. */
  readonly #typeTexts = new Map<string, string>();
  readonly #unions = new Map<string, readonly string[]>();
  /** Types with a context. */
  readonly #contextTypes: readonly string[];

  constructor(supergraph: DocumentNode) {
    this.#sources = collectTypes(supergraph);
    this.#contextTypes = [...typesWithContext(supergraph).values()].flat();
    const names = subgraphNames(supergraph);
    for (const node of supergraph.definitions) {
      if (node.kind !== Kind.UNION_TYPE_DEFINITION) continue;
      const members = (node.types ?? []).map(({ name }) => name.value);
      this.#unions.set(node.name.value, members);
    }
    const keyFields = new Set<string>();
    for (const type of this.#sources.values()) {
      for (const join of findDirectives(type, 'join__type')) {
        const subgraph = names.get(graphOf(join));
        if (subgraph !== undefined) this.#addType(subgraph, type.name, join, keyFields);
      }
    }
    for (const type of this.#sources.values()) {
      for (const field of type.fields) {
        const coordinate = `${type.name}.${field.name.value}`;
        for (const join of joinFields(field)) {
          this.#addField(names.get(graphOf(join)), coordinate, join, keyFields);
        }
      }
    }
  }

  #addType(
    subgraph: string,
    typeName: string,
    join: ConstDirectiveNode,
    keyFields: Set<string>,
  ): void {
    const id = `${subgraph} ${typeName}`;
    const { keys, isInterfaceObject } = this.#types.get(id) ?? unknownType;
    const key = stringArgument(join, 'key') ?? '';
    for (const coordinate of coordinatesOfFieldSet(key, typeName, this.#sources)) {
      keyFields.add(`${subgraph} ${coordinate}`);
    }
    const fieldSet = key === '' ? undefined : parseFieldSet(key);
    const isResolvable = fieldSet !== undefined && isSaid(join, 'resolvable', true);
    this.#types.set(id, {
      keys: isResolvable ? [...keys, fieldSet] : keys,
      isInterfaceObject: isInterfaceObject || isJoinedAsObject(join),
    });
  }

  #addField(
    subgraph: string | undefined,
    coordinate: string,
    join: ConstDirectiveNode,
    keyFields: ReadonlySet<string>,
  ): void {
    const known = this.#graphs.get(coordinate) ?? [];
    this.#graphs.set(coordinate, known);
    if (subgraph === undefined) return;
    if (!isSaid(join, 'usedOverridden', false)) this.#graphs.set(coordinate, [...known, subgraph]);
    const id = `${subgraph} ${coordinate}`;
    const typeText = stringArgument(join, 'type');
    if (typeText !== undefined) this.#typeTexts.set(id, typeText);
    const required = requiredFields(join);
    if (required !== undefined) this.#fields.set(id, { kind: 'computed', required });
    // A key is known wherever its object is.
    else if (isExternal(join) && !keyFields.has(id)) this.#fields.set(id, { kind: 'external' });
    const provides = stringArgument(join, 'provides');
    const provided = provides === undefined ? undefined : parseFieldSet(provides);
    if (provided !== undefined) this.#provided.set(id, provided);
  }

  /** Subgraphs that answer a field, each with a way to ask it for the objects that have it. */
  ownersOf(typeName: string, name: string): readonly FieldOwner[] {
    const owners = this.#graphsOf(typeName, name).flatMap((subgraph) => {
      const said = this.fieldOf(subgraph, typeName, name);
      const keys = this.typeOf(subgraph, typeName)?.keys ?? [];
      if (said.kind === 'external') return [];
      const required = said.kind === 'computed' ? said.required : nothing;
      return keys.map((key) => ({ subgraph, askedAs: typeName, key, required }));
    });
    if (owners.length > 0) return owners;
    // What an interface object adds to a type is asked for by the name of the interface.
    const interfaces = this.#sources.get(typeName)?.interfaces ?? [];
    return interfaces.flatMap((one) =>
      this.ownersOf(one, name).filter(
        ({ subgraph }) => this.typeOf(subgraph, one)?.isInterfaceObject,
      ),
    );
  }

  /** Whether a subgraph has a field, be it as one of another subgraph. */
  has(subgraph: string, typeName: string, name: string): boolean {
    if (this.typeBelow(typeName, name) === undefined) return true;
    return this.#graphsOf(typeName, name).includes(subgraph);
  }

  /** The object types of which an object of the type may be in a subgraph. */
  objectsIn(subgraph: string, typeName: string): readonly string[] {
    return this.#objectsOf(typeName).filter((one) => {
      const type = this.typeOf(subgraph, one);
      return type !== undefined && (type.isInterfaceObject || this.isObject(one));
    });
  }

  /** Whether a subgraph can tell a field of an object that it has. */
  isOwn(subgraph: string, typeName: string, name: string): boolean {
    const isThere = this.#graphsOf(typeName, name).includes(subgraph);
    return isThere && this.fieldOf(subgraph, typeName, name).kind === 'own';
  }

  #graphsOf(typeName: string, name: string): readonly string[] {
    const graphs = this.#graphs.get(`${typeName}.${name}`);
    if (graphs !== undefined) return graphs;
    const ending = ` ${typeName}`;
    return [...this.#types.keys()]
      .filter((id) => id.endsWith(ending))
      .map((id) => id.slice(0, -ending.length));
  }

  /** Whether any type has a context. */
  get hasContexts(): boolean {
    return this.#contextTypes.length > 0;
  }

  /** Whether all objects of the type have a context. */
  hasContext(typeName: string): boolean {
    return this.#contextTypes.some((one) => this.isWithin(typeName, one));
  }

  /** Whether each subgraph can answer all of its fields by itself. */
  get isEmpty(): boolean {
    return this.#fields.size === 0 && !this.hasContexts;
  }

  fieldOf(subgraph: string, typeName: string, name: string): FieldOfSubgraph {
    return this.#fields.get(`${subgraph} ${typeName}.${name}`) ?? own;
  }

  providedBy(subgraph: string, typeName: string, name: string): SelectionSetNode | undefined {
    return this.#provided.get(`${subgraph} ${typeName}.${name}`);
  }

  typeOf(subgraph: string, typeName: string): TypeOfSubgraph | undefined {
    return this.#types.get(`${subgraph} ${typeName}`);
  }

  /** By which a subgraph finds objects of a type, be it by its interface, which the subgraph has as an object. */
  keysFor(subgraph: string, typeName: string): readonly SelectionSetNode[] {
    const names = [typeName, ...(this.#sources.get(typeName)?.interfaces ?? [])];
    return names.flatMap((name) => this.typeOf(subgraph, name)?.keys ?? []);
  }

  /** The type below a field, by its name; undefined for what has no definition, such as `__typename`. */
  typeBelow(typeName: string, name: string): string | undefined {
    const field = this.#fieldNamed(typeName, name);
    return field && namedTypeOf(field.type);
  }

  /** The type that a field has in a subgraph, where objects are all alike: what two fields of one name may share. */
  shapeIn(subgraph: string, typeName: string, name: string): string {
    const field = this.#fieldNamed(typeName, name);
    if (field === undefined) return '';
    const text = this.#typeTexts.get(`${subgraph} ${typeName}.${name}`) ?? print(field.type);
    const named = namedTypeOf(field.type);
    const isOfObjects = this.#sources.has(named) || this.#unions.has(named);
    return isOfObjects ? text.replace(/\w+/, '{}') : text;
  }

  /** How many lists a field has one in the other. */
  listsIn(typeName: string, name: string): number {
    let type = this.#fieldNamed(typeName, name)?.type;
    let lists = 0;
    while (type !== undefined && type.kind !== Kind.NAMED_TYPE) {
      if (type.kind === Kind.LIST_TYPE) lists += 1;
      type = type.type;
    }
    return lists;
  }

  #fieldNamed(typeName: string, name: string): FieldDefinitionNode | undefined {
    const fields = this.#sources.get(typeName)?.fields ?? [];
    return fields.find((candidate) => candidate.name.value === name);
  }

  isObject(typeName: string): boolean {
    return this.#sources.get(typeName)?.kind === 'object';
  }

  /** Whether an object may be of both types. */
  overlap(one: string, other: string): boolean {
    if (one === other) return true;
    const others = this.#objectsOf(other);
    return this.#objectsOf(one).some((name) => others.includes(name));
  }

  /** Whether all objects of the one type are of the other. */
  isWithin(one: string, other: string): boolean {
    const others = this.#objectsOf(other);
    return one === other || this.#objectsOf(one).every((name) => others.includes(name));
  }

  /** What an object of the type is known to be of where a fragment on another one holds; undefined if it never does. */
  narrow(typeName: string, condition: string | undefined): string | undefined {
    if (condition === undefined) return typeName;
    // A union has no fields, all of whose members may be within a type that has.
    if (!this.#unions.has(typeName) && this.isWithin(typeName, condition)) return typeName;
    return this.overlap(typeName, condition) ? condition : undefined;
  }

  #objectsOf(typeName: string): readonly string[] {
    const source = this.#sources.get(typeName);
    if (source?.kind !== 'interface') return this.#unions.get(typeName) ?? [typeName];
    // Interfaces too: where an interface object tells of one, nobody knows the type yet.
    const implementing = [...this.#sources.values()].filter(({ interfaces }) =>
      interfaces.includes(typeName),
    );
    return [typeName, ...implementing.map(({ name }) => name)];
  }
}
