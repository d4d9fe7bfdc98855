import { fieldOf, isText, type Entity } from './catalog.ts';
import { lowerCase } from './value.ts';
import { compareKeys, fieldValue, type Row } from './world.ts';

/** What a search finds. */
export interface Found {
  readonly rows: readonly Row[];
  /** Whether `rows` stand in the order in which they have to come; the documents do not settle every order. */
  readonly isRanked: boolean;
}

/** The rows in which every word occurs in one of the fields; the best first where it is certain which they are. */
export function searchRows(entity: Entity, rows: readonly Row[], search: unknown): Found {
  const { text, fields } = search as { readonly text: string; readonly fields?: string[] | null };
  const names = fields ?? entity.fields.filter(isText).map(({ name }) => name);
  const words = fold(text)
    .split(/\s+/u)
    .filter((word) => word !== '');
  const found = rows.filter((row) =>
    words.every((word) => names.some((name) => textOf(row, name).includes(word))),
  );
  const [word] = words;
  const [name] = names;
  if (words.length !== 1 || names.length !== 1 || word === undefined || name === undefined) {
    return { rows: found, isRanked: false };
  }
  const ranked = found.map((row) => ({ row, rank: rankOf(textOf(row, name), word) }));
  return {
    rows: ranked
      .toSorted(
        (one, other) => (other.rank ?? 0) - (one.rank ?? 0) || compareKeys(one.row, other.row),
      )
      .map(({ row }) => row),
    isRanked: ranked.every(({ rank }) => rank !== undefined),
  };
}

/** Undefined where it depends on what one takes for the beginning of a word. */
function rankOf(text: string, word: string): number | undefined {
  if (text === word) return 3;
  if (text.startsWith(word)) return 2;
  const ranks = [/\s+/u, /[^\p{L}\p{N}]+/u].map((gap) =>
    text.split(gap).some((each) => each.startsWith(word)) ? 1 : 0,
  );
  return ranks[0] === ranks[1] ? ranks[0] : undefined;
}

function textOf(row: Row, name: string): string {
  const field = fieldOf(row.entity, name);
  const value = fieldValue(row, name);
  return field === undefined || value === null ? '' : fold(String(value));
}

/** Without case and accents. */
function fold(text: string): string {
  return lowerCase(text.normalize('NFD').replaceAll(/\p{M}/gu, ''));
}
