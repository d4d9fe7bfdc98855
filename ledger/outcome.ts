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

/** A key that is taken, by the entity itself or by one that was merged into another. */
export function exists(
  known: EntityState | undefined,
  given: string,
  shape: IdentityShape,
): Outcome {
  const entity = shape.entity.name;
  const name = `${entity} ${known?.key ?? ''}`;
  const message =
    given === known?.key
      ? `${name} exists already.`
      : `${entity} ${given} was merged into ${name}${known?.row === null ? ', which was removed' : ''}.`;
  const problems: readonly Problem[] = [
    { code: 'EXISTS', message, field: shape.keyFields[0]?.name },
  ];
  return known === undefined
    ? refused(problems)
    : { ...outcomeOf('refused', known, shape), problems };
}

/** One that was to be made and is there already, by its matching value. */
export function joined(twin: EntityState, shape: IdentityShape): Outcome {
  const message = `${hasAlready(twin, shape)}, and is given instead of a new one.`;
  return { ...outcomeOf('joined', twin, shape), problems: [matchProblem(message, shape)] };
}

/** A change to the matching value of another one. */
export function taken(key: string, twin: EntityState, shape: IdentityShape): Outcome {
  const { mergeMutation, entity } = shape;
  const merge =
    mergeMutation === undefined
      ? ''
      : `, or make it one with ${entity.name} ${twin.key} by the mutation ${mergeMutation}`;
  const message = `${hasAlready(twin, shape)}. Give ${entity.name} ${key} another one${merge}.`;
  return refused([matchProblem(message, shape)]);
}

function hasAlready(twin: EntityState, { entity, match }: IdentityShape): string {
  return `${entity.name} ${twin.key} has this ${match?.field ?? 'value'} already`;
}

function matchProblem(message: string, { match }: IdentityShape): Problem {
  return { code: 'EXISTS', message, field: match?.field };
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
