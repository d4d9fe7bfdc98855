import { namedTypeOf } from '../mapping/field-type.ts';
import type { AuthoredSchema } from '../mapping/overrides.ts';
import {
  collectTypes,
  findDirective,
  findDirectives,
  stringArgument,
  type TypeSource,
} from '../mapping/schema-source.ts';
import { coordinatesOfFieldSet } from './field-set.ts';

/**
 * The `Type.field` of all fields that a schema refers to from another place: as `@external`, in a field set, or as
 * what an interface demands of a type. Composition checks that they are there, and what they are.
 */
export function fieldsInUse(schemas: readonly AuthoredSchema[]): ReadonlySet<string> {
  return new Set(schemas.flatMap(({ document }) => [...inSchema(collectTypes(document))]));
}

function* inSchema(types: ReadonlyMap<string, TypeSource>): Generator<string> {
  for (const type of types.values()) {
    yield* inFieldSets(type, 'key', type.name, types);
    const demanded = type.interfaces.flatMap((name) => types.get(name)?.fields ?? []);
    for (const { name } of demanded) yield `${type.name}.${name.value}`;
    const isExternal = findDirective(type, 'external') !== undefined;
    for (const field of type.fields) {
      if (isExternal || findDirective(field, 'external') !== undefined)
        yield `${type.name}.${field.name.value}`;
      yield* inFieldSets(field, 'requires', type.name, types);
      yield* inFieldSets(field, 'provides', namedTypeOf(field.type), types);
    }
  }
}

function* inFieldSets(
  node: Parameters<typeof findDirectives>[0],
  directiveName: 'key' | 'requires' | 'provides',
  typeName: string,
  types: ReadonlyMap<string, TypeSource>,
): Generator<string> {
  for (const directive of findDirectives(node, directiveName)) {
    yield* coordinatesOfFieldSet(stringArgument(directive, 'fields') ?? '', typeName, types);
  }
}
