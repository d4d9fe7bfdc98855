import { Kind, parse, type SelectionSetNode } from 'graphql';
import { namedTypeOf } from '../mapping/field-type.ts';
import type { TypeSource } from '../mapping/schema-source.ts';

/**
 * The `Type.field` of every field in a field set of federation, such as `id organization { id }`, read on a type of
 * the schema; empty when the text is no field set.
 */
export function coordinatesOfFieldSet(
  fieldSet: string,
  typeName: string,
  types: ReadonlyMap<string, TypeSource>,
): readonly string[] {
  const selectionSet = parseFieldSet(fieldSet);
  return selectionSet === undefined ? [] : [...coordinatesIn(selectionSet, typeName, types)];
}

function parseFieldSet(text: string): SelectionSetNode | undefined {
  try {
    const [operation] = parse(`{ ${text} }`).definitions;
    return operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet : undefined;
  } catch {
    return undefined;
  }
}

function* coordinatesIn(
  selectionSet: SelectionSetNode,
  typeName: string,
  types: ReadonlyMap<string, TypeSource>,
): Generator<string> {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? typeName;
      yield* coordinatesIn(selection.selectionSet, condition, types);
      continue;
    }
    const name = selection.name.value;
    yield `${typeName}.${name}`;
    const field = types.get(typeName)?.fields.find((candidate) => candidate.name.value === name);
    if (field === undefined || selection.selectionSet === undefined) continue;
    yield* coordinatesIn(selection.selectionSet, namedTypeOf(field.type), types);
  }
}
