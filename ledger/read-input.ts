import { keyText } from '../lake/key-lookup.ts';
import type { RowTexts } from './change.ts';
import type { FieldValues, Problem } from './identity-command.ts';
import { textOf, valueOf, type IdentityField, type IdentityShape } from './identity-shape.ts';
import { isEmailAddress } from './match-value.ts';
import { describeValue, refuseValue, shown, valuesOf } from './refuse-value.ts';

/** Longer texts are no names or addresses. */
const longestText = 10_000;

export type Read<Value> =
  | { readonly kind: 'read'; readonly value: Value }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** The key as the lake has it, from fields of a command. */
export interface KeyRead {
  readonly text: string;
  readonly columns: RowTexts;
}

/** The entity's key, from the fields that a command names. */
export function readKey(shape: IdentityShape, given: FieldValues): Read<KeyRead> {
  const problems: Problem[] = [];
  const texts: string[] = [];
  const columns: Record<string, string | null> = {};
  for (const field of shape.keyFields) {
    const wire = given[field.name];
    if (wire === undefined || wire === null || wire === '') {
      problems.push(required(field));
      continue;
    }
    const read = readText(field, wire);
    if (typeof read !== 'string') problems.push(read);
    else {
      texts.push(read);
      columns[field.column] = read;
    }
  }
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'read', value: { text: keyText(texts), columns } };
}

/**
 * Fields that a command sets, by column. Only those that are the client's to set are taken; others are refused where
 * they come from a request, and passed over where they come with another tool's event.
 */
export function readFields(
  shape: IdentityShape,
  given: FieldValues,
  options: { readonly isComplete: boolean; readonly passesOver: boolean },
): Read<RowTexts> {
  const problems: Problem[] = [];
  const columns: Record<string, string | null> = {};
  const settable = shape.fields.filter(({ role }) => role === 'data');
  const known = new Set(settable.map(({ name }) => name));
  for (const name of Object.keys(given)) {
    if (known.has(name) || options.passesOver) continue;
    const list = [...known].join(', ');
    const message = `${name} is not part of what all tools agree on, which is ${list}.`;
    problems.push({ code: 'INVALID', message, field: name });
  }
  for (const field of settable) {
    const wire = given[field.name];
    if (wire === undefined && !options.isComplete) continue;
    const isBlank = wire === undefined || wire === null || isBlankText(wire);
    if (isBlank && field.isNonNull) problems.push(required(field));
    else if (isBlank) columns[field.column] = null;
    else {
      const read = readText(field, wire);
      const isAddress = shape.match?.field === field.name && shape.match.as === 'email';
      if (typeof read !== 'string') problems.push(read);
      else if (isAddress && !isEmailAddress(read))
        problems.push(refuseValue(field, 'an e-mail address', describeValue(wire)));
      else columns[field.column] = read;
    }
  }
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'read', value: columns };
}

/** The value as the log keeps it, or why the column cannot hold it. */
function readText(field: IdentityField, wire: unknown): string | Problem {
  const { wireType } = field.field;
  if (typeof wire === 'string' && wire.length > longestText)
    return refuseValue(field, `a text of up to ${longestText} characters`, `${wire.length}`);
  // A control character is nobody's name, a NUL ends texts in too many places, and the lake keeps no half characters.
  if (typeof wire === 'string' && /[\p{Cc}\p{Surrogate}]/u.test(wire))
    return refuseValue(field, 'a text of whole characters without control characters', shown(wire));
  const isKnown = wireType.kind !== 'enum' || wireType.values.has(String(wire));
  const value = isKnown ? valueOf(wire, field.sqlType) : undefined;
  const text = value === undefined ? undefined : textOf(value);
  return text ?? refuseValue(field, valuesOf(field), describeValue(wire));
}

function isBlankText(wire: unknown): boolean {
  return typeof wire === 'string' && wire.trim() === '';
}

function required({ name }: IdentityField): Problem {
  return { code: 'REQUIRED', message: `${name} is missing or empty.`, field: name };
}
