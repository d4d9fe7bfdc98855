import {
  Kind,
  print,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import {
  collectTypes,
  findDirectives,
  stringArgument,
  type TypeSource,
} from '../mapping/schema-source.ts';
import { subgraphNames } from './field-twins.ts';
import {
  graphOf,
  isExternal,
  isInterfaceObject,
  joinFields,
  requiredFields,
  withText,
} from './join-field.ts';

/** By `Type.field`: fields of an interface behind which a subgraph has interface objects. */
export type ObjectsBehind = ReadonlyMap<string, ObjectBehind>;

export interface ObjectBehind {
  /** Their names. */
  readonly objects: readonly string[];
  /** Whether there is one, and nothing else; the planner takes it for the type of the field. */
  readonly isAlone: boolean;
  /** Fields of the interface that the subgraph itself tells of all that is there. */
  readonly own: ReadonlySet<string>;
}

/** By the name of the subgraph. */
export type NarrowedFields = ReadonlyMap<string, ObjectsBehind>;

interface NarrowedSupergraph {
  readonly document: DocumentNode;
  readonly narrowed: NarrowedFields;
}

type WithFields = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * Mends a wrong answer of Apollo's gateway (2.14.4). Behind a field of an interface, a subgraph may have an interface
 * object alone: `type Query { first: Titled }` with `type Text implements Titled @interfaceObject`. The planner takes
 * that for the only type there, so that it finds nothing of a fragment on a type that other subgraphs know, and asks
 * nobody for its name. So the field gets the interface object as its type in that subgraph: of an interface object
 * the planner knows that others have to be asked. Since the subgraph itself has the wider type, whoever sends a fetch
 * puts a fragment around what is asked of the field. Where it is not alone, the field stays as it is, and whoever
 * plans a question has to take care.
 */
export function narrowToInterfaceObjects(supergraph: DocumentNode): NarrowedSupergraph {
  const types = [...collectTypes(supergraph).values()];
  const objects = interfaceObjectsBehind(types);
  const narrowed = new Map<string, Map<string, ObjectBehind>>();
  if (objects.size === 0) return { document: supergraph, narrowed };
  const names = subgraphNames(supergraph);
  const narrowType = <Node extends WithFields>(node: Node): Node | undefined => {
    const fields = (node.fields ?? []).map((field) => narrowField(node, field));
    const isSame = fields.every((field, index) => field === node.fields?.[index]);
    return isSame ? undefined : { ...node, fields };
  };
  const document = visit(supergraph, {
    ObjectTypeDefinition: narrowType,
    InterfaceTypeDefinition: narrowType,
  });
  addToImplementations(narrowed, types);
  return { document, narrowed };

  function narrowField(type: WithFields, field: FieldDefinitionNode): FieldDefinitionNode {
    const said = joinFields(field);
    const joins = said.length > 0 ? said : everywhere(type);
    const own = joins.map((join) => {
      const text = stringArgument(join, 'type') ?? print(field.type);
      const graph = graphOf(join);
      const object = objects.get(`${graph} ${text.replaceAll(/\W/g, '')}`);
      const subgraph = names.get(graph);
      if (object === undefined || subgraph === undefined) return join;
      const fields = narrowed.get(subgraph) ?? new Map<string, ObjectBehind>();
      narrowed.set(subgraph, fields.set(`${type.name.value}.${field.name.value}`, object));
      const [alone = ''] = object.objects;
      return object.isAlone ? withText(join, 'type', text.replace(/\w+/, alone)) : join;
    });
    if (own.every((join, index) => join === joins[index])) return field;
    const others = (field.directives ?? []).filter((one) => !said.includes(one));
    return { ...field, directives: [...others, ...own] };
  }
}

/** What an interface object has, the types of its interface have too. */
function addToImplementations(
  narrowed: ReadonlyMap<string, Map<string, ObjectBehind>>,
  types: readonly TypeSource[],
): void {
  for (const { name, interfaces, fields } of types) {
    const coordinates = interfaces.flatMap((one) =>
      fields.map((field) => [`${name}.${field.name.value}`, `${one}.${field.name.value}`] as const),
    );
    for (const ofSubgraph of narrowed.values()) {
      for (const [own, inherited] of coordinates) {
        const behind = ofSubgraph.get(inherited);
        if (behind !== undefined && !ofSubgraph.has(own)) ofSubgraph.set(own, behind);
      }
    }
  }
}

/** What a field without a note of its own means: all subgraphs of its type have it. */
function everywhere(type: WithFields): readonly ConstDirectiveNode[] {
  const graphs = new Set(findDirectives(type, 'join__type').map(graphOf));
  return [...graphs].map((graph) => ({
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'join__field' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'graph' },
        value: { kind: Kind.ENUM, value: graph },
      },
    ],
  }));
}

/** By graph (a value of `join__Graph`) and interface, where the subgraph has interface objects of the interface. */
function interfaceObjectsBehind(types: readonly TypeSource[]): ReadonlyMap<string, ObjectBehind> {
  const found = new Map<string, { readonly objects: TypeSource[]; readonly types: TypeSource[] }>();
  for (const type of types) {
    const asObject = new Set(
      findDirectives(type, 'join__type').filter(isInterfaceObject).map(graphOf),
    );
    for (const join of findDirectives(type, 'join__implements')) {
      const isObject = asObject.has(graphOf(join));
      if (type.kind === 'interface' && !isObject) continue;
      const id = `${graphOf(join)} ${stringArgument(join, 'interface') ?? ''}`;
      const known = found.get(id) ?? { objects: [], types: [] };
      found.set(id, known);
      known.types.push(type);
      if (isObject) known.objects.push(type);
    }
  }
  const some = [...found].filter(([, { objects }]) => objects.length > 0);
  return new Map(
    some.map(([id, { objects, types }]) => {
      const own = ownFields(types, id.slice(0, id.indexOf(' ')));
      return [id, { objects: objects.map(({ name }) => name), isAlone: types.length === 1, own }];
    }),
  );
}

/** What all of the types have, and tell by themselves. */
function ownFields(types: readonly TypeSource[], graph: string): ReadonlySet<string> {
  const all = types.map(({ fields }) => {
    const own = fields.filter((field) => {
      const joins = joinFields(field);
      return joins.length === 0 || joins.some((join) => graphOf(join) === graph && isPlain(join));
    });
    return new Set(own.map(({ name }) => name.value));
  });
  const [first = new Set<string>(), ...others] = all;
  return new Set([...first].filter((name) => others.every((names) => names.has(name))));
}

function isPlain(join: ConstDirectiveNode): boolean {
  return !isExternal(join) && requiredFields(join) === undefined;
}
