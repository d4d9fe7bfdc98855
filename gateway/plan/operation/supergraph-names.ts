import { parse, visit } from 'graphql';
import { findDirectives } from '../../../mapping/schema-source.ts';
import { isInterfaceObject } from '../../../registry/join-field.ts';
import type { NarrowedFields, ObjectsBehind } from '../../../registry/narrowed-fields.ts';
import { partialFields } from './partial-fields.ts';

export interface SupergraphNames {
  /** Names of all fields, also of those that clients do not see. */
  readonly fields: ReadonlySet<string>;
  /** Names of the interfaces and unions. */
  readonly abstractTypes: ReadonlySet<string>;
  /** Names of the interfaces that some subgraph has as objects. */
  readonly interfaceObjects: ReadonlySet<string>;
  /** Fields of another interface behind which some subgraph has such objects. */
  readonly behindFields: ObjectsBehind;
  /** Names of fields whose objects are of more types in some of their subgraphs than in others. */
  readonly partialFields: ReadonlySet<string>;
}

export function supergraphNames(supergraphSdl: string, narrowed: NarrowedFields): SupergraphNames {
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
      if (findDirectives(node, 'join__type').some(isInterfaceObject))
        interfaceObjects.add(node.name.value);
    },
    UnionTypeDefinition: ({ name }) => {
      abstractTypes.add(name.value);
    },
  });
  const behindFields = new Map([...narrowed.values()].flatMap((ofSubgraph) => [...ofSubgraph]));
  return {
    fields,
    abstractTypes,
    interfaceObjects,
    behindFields,
    partialFields: partialFields(supergraph),
  };
}
