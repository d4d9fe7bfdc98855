import { parse, visit } from 'graphql';

export interface SupergraphNames {
  /** Names of all fields, also of those that clients do not see. */
  readonly fields: ReadonlySet<string>;
  /** Names of the interfaces and unions. */
  readonly abstractTypes: ReadonlySet<string>;
}

export function supergraphNames(supergraphSdl: string): SupergraphNames {
  const fields = new Set<string>();
  const abstractTypes = new Set<string>();
  visit(parse(supergraphSdl, { noLocation: true }), {
    FieldDefinition: ({ name }) => {
      fields.add(name.value);
    },
    InterfaceTypeDefinition: ({ name }) => {
      abstractTypes.add(name.value);
    },
    UnionTypeDefinition: ({ name }) => {
      abstractTypes.add(name.value);
    },
  });
  return { fields, abstractTypes };
}
