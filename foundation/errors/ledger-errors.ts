import type { CatalogueEntry } from './catalogue-entry.ts';

/** Changes of identities and of domains' rows. */
export const ledgerErrors = {
  MAPPING_MATCH_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{field} cannot carry @match: {problem}.',
    hint: 'Mark one text of the type that carries @identity, such as `email: String! @match(as: "email")`.',
  },
  MUTATION_SHAPE_INVALID: {
    audience: 'operator',
    status: 500,
    message: '{mutation} does not have the shape of a mutation of an identity: {problem}.',
    hint: 'Write it as docs/mapping.md shows it, or mark it @computed and give it a resolver in resolvers.ts.',
  },
  MUTATION_FIELD_UNWRITABLE: {
    audience: 'operator',
    status: 500,
    message: '{field} cannot be changed by a mutation: {problem}.',
    hint: 'Keep every field of an identity that has mutations in a column of its own, as a single value.',
  },
} as const satisfies Record<string, CatalogueEntry>;
