import { Kind, parse, print, type ConstDirectiveNode } from 'graphql';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { Key } from './model.ts';
import {
  findArgument,
  findDirectives,
  locate,
  stringArgument,
  type TypeSource,
} from './schema-source.ts';

/** The keys of a lake-backed type, in the order in which they are written. */
export function readKeys(source: TypeSource): readonly [Key, ...Key[]] {
  const [first, ...others] = findDirectives(source, 'key').map((directive) =>
    readKey(directive, source),
  );
  if (first === undefined)
    throw raise('MAPPING_KEY_MISSING', { type: source.name }, { at: source.location });
  return [first, ...others];
}

function readKey(directive: ConstDirectiveNode, source: TypeSource): Key {
  const text = stringArgument(directive, 'fields') ?? '';
  const fields = readFlatFields(text);
  const known = new Set(source.fields.map(({ name }) => name.value));
  if (fields === undefined || fields.length === 0 || !fields.every((field) => known.has(field))) {
    throw raise(
      'MAPPING_KEY_INVALID',
      { type: source.name, fields: text },
      { at: locate(directive) },
    );
  }
  return { fields, isResolvable: isResolvableKey(directive) };
}

export function isResolvableKey(directive: ConstDirectiveNode): boolean {
  const resolvable = findArgument(directive, 'resolvable');
  return !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value);
}

/** Whether a key of the type names the field, nested or not. */
export function isInKey(type: TypeSource, field: string): boolean {
  return findDirectives(type, 'key').some((key) =>
    (stringArgument(key, 'fields') ?? '').split(/[\s,{}]+/).includes(field),
  );
}

/** The names in a field set such as `id region`; undefined when it is anything else than different names. */
function readFlatFields(text: string): readonly string[] | undefined {
  try {
    const [operation, another] = parse(`{ ${text} }`).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION || another !== undefined) return undefined;
    const names = operation.selectionSet.selections.map((selection) =>
      selection.kind === Kind.FIELD && print(selection) === selection.name.value
        ? selection.name.value
        : undefined,
    );
    const isFlat =
      names.every((name) => name !== undefined) && new Set(names).size === names.length;
    return isFlat ? names : undefined;
  } catch {
    return undefined;
  }
}
