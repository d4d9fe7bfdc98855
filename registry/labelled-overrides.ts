import { Kind, visit, type DocumentNode, type SelectionSetNode } from 'graphql';
import { collectTypes, findDirectives, stringArgument } from '../mapping/schema-source.ts';
import { joinFields, parseFieldSet, requiredFields } from './join-field.ts';

export interface LabelledOverrides {
  /** Names of the fields that a label moves. */
  readonly byLabel: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of fields that are fetched for others, as a key or because they are required. */
  readonly required: ReadonlySet<string>;
}

/** What a supergraph says of `@override(from:, label:)`: https://specs.apollo.dev/join/v0.4 */
export function labelledOverrides(supergraph: DocumentNode): LabelledOverrides {
  const byLabel = new Map<string, Set<string>>();
  const required = new Set<string>();
  for (const type of collectTypes(supergraph).values()) {
    for (const join of findDirectives(type, 'join__type')) {
      const key = stringArgument(join, 'key');
      addNames(key === undefined ? undefined : parseFieldSet(key), required);
    }
    for (const field of type.fields) {
      for (const join of joinFields(field)) {
        addNames(requiredFields(join), required);
        const label = stringArgument(join, 'overrideLabel');
        if (label === undefined) continue;
        const names = byLabel.get(label) ?? new Set();
        byLabel.set(label, names.add(field.name.value));
      }
    }
  }
  return { byLabel, required };
}

function addNames(fieldSet: SelectionSetNode | undefined, names: Set<string>): void {
  if (fieldSet === undefined) return;
  visit(fieldSet, { [Kind.FIELD]: ({ name }) => void names.add(name.value) });
}
