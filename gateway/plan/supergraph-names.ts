import { Kind, parse, visit, type ConstDirectiveNode } from 'graphql';
import { findArgument, findDirectives } from '../../mapping/schema-source.ts';

export interface SupergraphNames {
  /** Names of all fields, also of those that clients do not see. */
  readonly fields: ReadonlySet<string>;
  /** Names of the interfaces and unions. */
  readonly abstractTypes: ReadonlySet<string>;
  /** Names of the interfaces that some subgraph has as objects. */
  readonly interfaceObjects: ReadonlySet<string>;
}

export function supergraphNames(supergraphSdl: string): SupergraphNames {
  const fields = new Set<string>();
  const abstractTypes = new Set<string>();
  const interfaceObjects = new Set<string>();
  visit(parse(supergraphSdl, { noLocation: true }), {
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
  return { fields, abstractTypes, interfaceObjects };
}

function isOfObject(join: ConstDirectiveNode): boolean {
  const said = findArgument(join, 'isInterfaceObject');
  return said?.kind === Kind.BOOLEAN && said.value;
}
