import type { RowTexts } from './change.ts';
import type { EntityState } from './group-state.ts';
import type { FieldValues, Outcome, Problem } from './identity-command.ts';
import type { IdentityShape } from './identity-shape.ts';

export function refused(problems: readonly Problem[]): Outcome {
  return { status: 'refused', problems };
}

export function outcomeOf(
  status: Outcome['status'],
  known: EntityState,
  shape: IdentityShape,
): Outcome {
  return {
    status,
    key: keyFieldsOf(known.key, shape),
    keyText: known.key,
    version: known.version,
    ...(status === 'done' ? { sequence: known.sequence } : {}),
    problems: [],
  };
}

export function exists(
  known: EntityState | undefined,
  by: 'key' | 'match',
  shape: IdentityShape,
  given: string = known?.key ?? '',
): Outcome {
  const field = by === 'key' ? shape.keyFields[0]?.name : shape.match?.field;
  const entity = shape.entity.name;
  const name = `${entity} ${known?.key ?? ''}`;
  const message =
    by === 'match'
      ? `${name} has this ${field ?? ''} already. Use that one, or merge the two.`
      : given === known?.key
        ? `${name} exists already.`
        : `${entity} ${given} was merged into ${name}${known?.row === null ? ', which was removed' : ''}.`;
  const problems: readonly Problem[] = [{ code: 'EXISTS', message, field }];
  return known === undefined
    ? refused(problems)
    : { ...outcomeOf('refused', known, shape), problems };
}

/** The key's fields of its text; see `keyText`. */
export function keyFieldsOf(key: string, { keyFields }: IdentityShape): FieldValues {
  const texts = keyTextsOf(key, keyFields.length);
  return Object.fromEntries(keyFields.map(({ name }, position) => [name, texts[position] ?? null]));
}

/** The key's columns of its text, as a row has them. */
export function keyRowOf(key: string, { keyFields }: IdentityShape): RowTexts {
  const texts = keyTextsOf(key, keyFields.length);
  return Object.fromEntries(
    keyFields.map(({ column }, position) => [column, texts[position] ?? null]),
  );
}

function keyTextsOf(key: string, count: number): readonly string[] {
  return count === 1 ? [key] : (JSON.parse(key) as readonly string[]);
}
