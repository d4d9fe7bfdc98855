import { raise } from '../foundation/errors/tributary-error.ts';
import type { MappedField, MatchField } from './model.ts';
import { findDirective, locate, stringArgument, type TypeSource } from './schema-source.ts';

/**
 * The field that carries `@match`; only the identity has one, and it is a text in a column of its own.
 *
 * @param mapped the fields of the type that are kept in the lake
 * @throws MAPPING_MATCH_INVALID
 */
export function readMatch(
  source: TypeSource,
  mapped: readonly MappedField[],
): MatchField | undefined {
  const marked = source.fields.filter((field) => findDirective(field, 'match') !== undefined);
  const [field, another] = marked;
  if (field === undefined) return undefined;
  const directive = findDirective(field, 'match');
  const as = (directive && stringArgument(directive, 'as')) ?? 'text';
  const refuse = (problem: string, at = field): Error =>
    raise(
      'MAPPING_MATCH_INVALID',
      { field: `${source.name}.${at.name.value}`, problem },
      { at: locate(at) },
    );
  if (findDirective(source, 'identity') === undefined)
    throw refuse(`${source.name} does not carry @identity here`);
  if (another !== undefined) throw refuse(`${field.name.value} is marked already`, another);
  if (as !== 'text' && as !== 'email') throw refuse(`"${as}" is neither "text" nor "email"`);
  const kept = mapped.find(({ name }) => name === field.name.value);
  if (kept?.expression.kind !== 'column' || kept.sqlType.kind !== 'VARCHAR')
    throw refuse('it is no text in a column of its own');
  return { field: field.name.value, as };
}
