import {
  Kind,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { fieldsAt } from './fields-at.ts';

/**
 * Fields that stand under a response key which another field has, or the same one with other arguments, at the same
 * place of the answer: below objects of two types, `{ places { ... on Hall { seat { k: row } } ... on Office { seat
 * { k: width } } } }`. GraphQL allows that (5.3.2), since no object is of both. Apollo's planner (2.14.4) fetches what is
 * asked at a place for all that stands there, and loses one of the two.
 *
 * @param isOfObjects whether also types beside each other are of one object to some subgraph
 * @returns by `keyed`, those that need another key: all but the first one at each place
 */
export function clashingKeys(
  document: DocumentNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  isOfObjects: boolean,
): ReadonlySet<string> {
  const clashing = new Set<string>();
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation !== undefined && hasKeyOfTwo(document)) collect([operation.selectionSet]);
  return clashing;

  function collect(sets: readonly SelectionSetNode[]): void {
    const byKey = new Map<string, FieldNode[]>();
    for (const field of fieldsAt(sets, fragments)) {
      const key = (field.alias ?? field.name).value;
      byKey.set(key, [...(byKey.get(key) ?? []), field]);
    }
    const isBelowSeveral = isOfObjects || sets.length > 1;
    for (const fields of byKey.values()) {
      const [first = '', ...others] = new Set(fields.map(keyed));
      if (first !== '' && isBelowSeveral) for (const other of others) clashing.add(other);
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (below.length > 0) collect(below);
    }
  }
}

/** A field's response key and what it stands for. */
export function keyed(field: FieldNode): string {
  const { alias, name, arguments: given = [] } = field;
  const text = given.length === 0 ? '' : given.map(print).toSorted().join();
  return `${(alias ?? name).value} ${name.value} ${text}`;
}

/** Most operations have none, and need not be walked through place by place. */
function hasKeyOfTwo(document: DocumentNode): boolean {
  const known = new Map<string, string>();
  let isFound = false;
  visit(document, {
    Field(field) {
      const key = (field.alias ?? field.name).value;
      const whole = keyed(field);
      isFound ||= (known.get(key) ?? whole) !== whole;
      known.set(key, whole);
    },
  });
  return isFound;
}
