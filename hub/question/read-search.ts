import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Entity, OwnedField } from '../../mapping/model.ts';
import type { Search } from './search.ts';

/** Each word is looked for in each field of each row. */
const mostWords = 8;
const longestText = 200;

interface ReadSearchOptions {
  readonly entity: Entity;
  /** The fields that are searched where the question names none. */
  readonly searched: readonly OwnedField[];
  /** The field, for errors. */
  readonly list: string;
}

/**
 * What `search` asks for; undefined when it asks for nothing, as with an empty text.
 *
 * @throws SEARCH_TOO_LONG
 */
export function readSearch(
  value: unknown,
  { entity, searched, list }: ReadSearchOptions,
): Search | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { text, fields }: { readonly text?: unknown; readonly fields?: unknown } = value;
  if (typeof text !== 'string') return undefined;
  const words = [...new Set(text.split(/\s+/u).filter((word) => word !== ''))];
  if (words.length === 0) return undefined;
  if (words.length > mostWords || text.length > longestText) {
    throw raise('SEARCH_TOO_LONG', { list, words: mostWords, characters: longestText });
  }
  // The driver writes half a surrogate pair as U+FFFD, and would find a row with that character.
  if (/\p{Surrogate}/u.test(text)) return { words, fields: [] };
  const chosen = Array.isArray(fields) ? fields.map(String) : undefined;
  const sources =
    chosen === undefined
      ? searched
      : entity.fields.filter(({ field }) => chosen.includes(field.name));
  return { words, fields: sources.map((source) => ({ via: [], entity, source })) };
}
