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
): Outcome {
  const field = by === 'key' ? shape.keyFields[0]?.name : shape.match?.field;
  const name = `${shape.entity.name} ${known?.key ?? ''}`;
  const message =
    by === 'key'
      ? `${name} exists already.`
      : `${name} has this ${field ?? ''} already. Use that one, or merge the two.`;
  const problems: readonly Problem[] = [{ code: 'EXISTS', message, field }];
  return known === undefined
    ? refused(problems)
    : { ...outcomeOf('refused', known, shape), problems };
}

/** The key's fields of its text; see `keyText`. */
export function keyFieldsOf(key: string, { keyFields }: IdentityShape): FieldValues {
  const texts = keyFields.length === 1 ? [key] : (JSON.parse(key) as readonly string[]);
  return Object.fromEntries(keyFields.map(({ name }, position) => [name, texts[position] ?? null]));
}
