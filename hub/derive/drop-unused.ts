import { Kind, type TypeNode } from 'graphql';
import { namedTypeOf } from '../../mapping/field-type.ts';
import type { DerivedDefinition } from './derived-types.ts';

type Typed = { readonly type: TypeNode };

/**
 * Leaves out derived types that say nothing, such as the sums of an entity without numbers, with all that is of such
 * a type, and then those that nothing leads to from the types that are not derived, which are all kept.
 */
export function dropUnused(
  definitions: readonly DerivedDefinition[],
  derived: ReadonlySet<string>,
): readonly DerivedDefinition[] {
  const saying = typesThatSay(definitions, derived);
  const isKept = ({ type }: Typed): boolean => {
    const name = namedTypeOf(type);
    return !derived.has(name) || saying.has(name);
  };
  const kept = definitions
    .filter(({ name }) => saying.has(name.value))
    .map((definition) => keepMembers(definition, isKept));
  const used = reachable(kept, derived);
  return kept.filter(({ name }) => !derived.has(name.value) || used.has(name.value));
}

/** A type says something when one of its members does: a value, or a type that says something itself. */
function typesThatSay(
  definitions: readonly DerivedDefinition[],
  derived: ReadonlySet<string>,
): ReadonlySet<string> {
  const saying = new Set<string>();
  let before: number;
  do {
    before = saying.size;
    for (const definition of definitions) {
      const isSaying =
        definition.kind === Kind.ENUM_TYPE_DEFINITION
          ? (definition.values ?? []).length > 0
          : typesOfFields(definition).some((name) => !derived.has(name) || saying.has(name));
      if (isSaying || !derived.has(definition.name.value)) saying.add(definition.name.value);
    }
  } while (saying.size > before);
  return saying;
}

function typesOfFields(
  definition: Exclude<DerivedDefinition, { readonly kind: Kind.ENUM_TYPE_DEFINITION }>,
): readonly string[] {
  return (definition.fields ?? []).map(({ type }: Typed) => namedTypeOf(type));
}

function keepMembers(
  definition: DerivedDefinition,
  isKept: (member: Typed) => boolean,
): DerivedDefinition {
  switch (definition.kind) {
    case Kind.ENUM_TYPE_DEFINITION:
      return definition;
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return { ...definition, fields: (definition.fields ?? []).filter(isKept) };
    case Kind.OBJECT_TYPE_DEFINITION: {
      const fields = (definition.fields ?? []).filter(isKept);
      return {
        ...definition,
        fields: fields.map((field) => ({
          ...field,
          arguments: (field.arguments ?? []).filter(isKept),
        })),
      };
    }
  }
}

function reachable(
  definitions: readonly DerivedDefinition[],
  derived: ReadonlySet<string>,
): ReadonlySet<string> {
  const byName = new Map(definitions.map((definition) => [definition.name.value, definition]));
  const found = new Set<string>();
  let pending = definitions.filter(({ name }) => !derived.has(name.value));
  while (pending.length > 0) {
    const next = new Set(pending.flatMap(mentionedTypes).filter((name) => !found.has(name)));
    for (const name of next) found.add(name);
    pending = [...next].flatMap((name) => byName.get(name) ?? []);
  }
  return found;
}

function mentionedTypes(definition: DerivedDefinition): readonly string[] {
  if (definition.kind === Kind.ENUM_TYPE_DEFINITION) return [];
  const values =
    definition.kind === Kind.OBJECT_TYPE_DEFINITION
      ? (definition.fields ?? []).flatMap((field) => field.arguments ?? [])
      : [];
  return [...typesOfFields(definition), ...values.map(({ type }) => namedTypeOf(type))];
}
