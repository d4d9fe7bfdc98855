import type { IdentityShape } from './identity-shape.ts';
import type { RowTexts } from './change.ts';

/**
 * What two entities have in common that are the same one: the text of the matching field in composed Unicode form and
 * lower case, without surrounding blanks; of texts that are no addresses, inner blanks count as one.
 */
export function normaliseMatch(text: string, as: 'email' | 'text'): string {
  const plain = text.normalize('NFC').trim().toLowerCase();
  return as === 'email' ? plain : plain.replaceAll(/\s+/gu, ' ');
}

/** Under this, entities of one type are found by their matching value; undefined where there is nothing to match. */
export function matchValueOf(shape: IdentityShape, row: RowTexts | null): string | undefined {
  const { match } = shape;
  if (match === undefined || row === null) return undefined;
  const column = shape.fields.find(({ name }) => name === match.field)?.column;
  const text = column === undefined ? null : (row[column] ?? null);
  if (text === null) return undefined;
  const normalised = normaliseMatch(text, match.as);
  return normalised === '' ? undefined : `${shape.entity.name}/${normalised}`;
}

/** Local part, one @, a domain with a dot or `localhost`-like name; whether mail arrives there, only mail can tell. */
export function isEmailAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)*$/u.test(text.trim());
}
