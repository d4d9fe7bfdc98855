import { raise } from '../foundation/errors/tributary-error.ts';
import type { MatchField } from './model.ts';
import { findDirective, locate, stringArgument, type TypeSource } from './schema-source.ts';

/** The field that carries `@match`; only the identity has one, and it is a text that is always there. */
export function readMatch(source: TypeSource): MatchField | undefined {
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
  return { field: field.name.value, as };
}
