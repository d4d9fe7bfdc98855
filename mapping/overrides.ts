import { Kind, type DocumentNode } from 'graphql';
import { collectTypes, findArgument, findDirective, stringArgument } from './schema-source.ts';

/** A subgraph of any kind: a domain of the lake, or a remote one. */
export interface AuthoredSchema {
  readonly name: string;
  readonly document: DocumentNode;
}

/** An `@override`: `by` takes the field from `from`, whole or (with a label) for a share of the requests. */
export interface Override {
  readonly coordinate: string;
  readonly from: string;
  readonly by: string;
  readonly isProgressive: boolean;
}

export function collectOverrides(schemas: readonly AuthoredSchema[]): readonly Override[] {
  return schemas.flatMap(({ name, document }) =>
    [...collectTypes(document).values()].flatMap((type) =>
      type.fields.flatMap((field): readonly Override[] => {
        const directive = findDirective(field, 'override');
        const from = directive && stringArgument(directive, 'from');
        if (directive === undefined || from === undefined) return [];
        const isProgressive = findArgument(directive, 'label')?.kind === Kind.STRING;
        return [{ coordinate: `${type.name}.${field.name.value}`, from, by: name, isProgressive }];
      }),
    ),
  );
}

/**
 * Whether an override takes a field of the lake from this domain. With a label it is in flux between two owners, and
 * the share of each is the planner's to decide for every request: then the lake answers for neither.
 */
export function isTakenAway(
  coordinate: string,
  domain: string,
  overrides: readonly Override[],
): boolean {
  return overrides.some(
    (override) =>
      override.coordinate === coordinate &&
      (override.from === domain || (override.by === domain && override.isProgressive)),
  );
}
