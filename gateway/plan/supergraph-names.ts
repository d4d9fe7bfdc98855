import { Kind, parse, visit, type ConstDirectiveNode } from 'graphql';
import { findArgument, findDirectives } from '../../mapping/schema-source.ts';
import { partialFields } from './partial-fields.ts';

export interface SupergraphNames {
  /** Names of all fields, also of those that clients do not see. */
  readonly fields: ReadonlySet<string>;
  /** Names of the interfaces and unions. */
  readonly abstractTypes: ReadonlySet<string>;
  /** Names of the interfaces that some subgraph has as objects. */
  readonly interfaceObjects: ReadonlySet<string>;
  /** Names of fields whose objects are of more types in some of their subgraphs than in others. */
  readonly partialFields: ReadonlySet<string>;
}

export function supergraphNames(supergraphSdl: string): SupergraphNames {
  const fields = new Set<string>();
  const abstractTypes = new Set<string>();
  const interfaceObjects = new Set<string>();
  const supergraph = parse(supergraphSdl, { noLocation: true });
  visit(supergraph, {
    FieldDefinition: ({ name }) => {
      fields.add(name.value);
    },
    InterfaceTypeDefinition: (node) => {
      abstractTypes.add(node.name.value);
      if (findDirectives(node, 'join__type').some(isOfObject))
        interfaceObjects.add(node.name.value);
    },
    UnionTypeDefinition: ({ name }) => {
      abstractTypes.add(name.value);
    },
  });
  return { fields, abstractTypes, interfaceObjects, partialFields: partialFields(supergraph) };
}

function isOfObject(join: ConstDirectiveNode): boolean {
  const said = findArgument(join, 'isInterfaceObject');
  return said?.kind === Kind.BOOLEAN && said.value;
}
