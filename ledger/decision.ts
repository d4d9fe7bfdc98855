import type { RowTexts } from './change.ts';
import type { EntityState, GroupState } from './group-state.ts';
import { firstStamp } from './hybrid-clock.ts';
import type { FieldValues, IdentityCommand, Outcome, Problem } from './identity-command.ts';
import type { IdentityShape } from './identity-shape.ts';
import type { LogDraft, Moment } from './log-draft.ts';
import { matchValueOf } from './match-value.ts';
import { outcomeOf, refused } from './outcome.ts';
import { readKey } from './read-input.ts';

/** What a decision needs besides the command. */
export interface Decision {
  readonly shape: IdentityShape;
  readonly state: GroupState;
  readonly draft: LogDraft;
  readonly newId: () => string;
  readonly nowMs: number;
  /** How far the clock of another tool may be ahead of ours. */
  readonly maxSkewMs: number;
}

export type CommandOf<Kind extends IdentityCommand['kind']> = IdentityCommand & {
  readonly kind: Kind;
};

/** Notes the new state of an entity, and its change. `row` null: there is none any more. */
export function write(
  current: EntityState,
  row: RowTexts | null,
  moment: Moment,
  { shape, state, draft }: Decision,
  stamp: string = moment.stamp,
  mergedInto: string | null = null,
  reverses: number | null = null,
): Outcome {
  const kind = row === null ? 'delete' : current.row === null ? 'create' : 'update';
  const version = current.version + 1;
  const change = draft.add(
    {
      kind,
      entity: current.entity,
      key: current.key,
      domain: shape.schema,
      version,
      mergedInto,
      reverses,
      before: current.row,
      after: row,
      stamp,
    },
    moment,
  );
  const next: EntityState = {
    ...current,
    row,
    version,
    stamp,
    sequence: change.sequence,
    mergedInto: mergedInto ?? undefined,
  };
  const before = matchValueOf(shape, current.row);
  const after = matchValueOf(shape, row);
  state.put(next, {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
  return outcomeOf('done', next, shape);
}

export function readNewKey(
  given: FieldValues,
  { shape, newId }: Decision,
): ReturnType<typeof readKey> {
  const [only, another] = shape.keyFields;
  const isGiven = only === undefined || (given[only.name] ?? '') !== '';
  const canBeMade = another === undefined && only?.sqlType.kind === 'VARCHAR';
  return readKey(
    shape,
    !isGiven && canBeMade && only !== undefined ? { [only.name]: newId() } : given,
  );
}

export function findLive(
  given: FieldValues,
  expectedVersion: number | undefined,
  { shape, state }: Decision,
  as?: string,
): Outcome | (EntityState & { readonly row: RowTexts }) {
  const key: ReturnType<typeof readKey> = readKey(shape, given);
  if (key.kind === 'refused')
    return refused(
      as === undefined ? key.problems : key.problems.map((one) => ({ ...one, field: as })),
    );
  const found = state.resolve(shape.entity.name, key.value.text);
  const field = as ?? shape.keyFields[0]?.name;
  if (found === undefined || found.row === null)
    return refused([
      { code: 'NOT_FOUND', message: `There is no ${shape.entity.name} ${key.value.text}.`, field },
    ]);
  if (expectedVersion !== undefined && expectedVersion !== found.version) {
    const message = `Version ${expectedVersion} was expected, and it has version ${found.version} by now. Read it again, then decide.`;
    const problem: Problem = { code: 'VERSION_CONFLICT', message, field: 'expectedVersion' };
    return { ...outcomeOf('refused', found, shape), problems: [problem] };
  }
  return { ...found, row: found.row };
}

/** Another living entity with the same matching value. */
export function findTwin(
  row: RowTexts,
  key: string,
  { shape, state }: Decision,
): EntityState | undefined {
  const value = matchValueOf(shape, row);
  if (value === undefined) return undefined;
  const twin = state.matching(value).find((candidate) => candidate !== key);
  return twin === undefined
    ? undefined
    : (state.find(shape.entity.name, twin) ?? bareEntity(shape, twin));
}

export function unknownEntity(shape: IdentityShape, key: string): EntityState {
  return {
    entity: shape.entity.name,
    key,
    row: null,
    version: 0,
    stamp: firstStamp,
    sequence: 0,
    mergedInto: undefined,
    hasHead: false,
  };
}

/** One that is known by its matching value alone. */
function bareEntity(shape: IdentityShape, key: string): EntityState {
  return { ...unknownEntity(shape, key), version: 1 };
}
