import { dateTimeText } from '../wire/calendar-text.ts';
import type { Change, RowTexts } from './change.ts';
import { GroupState, type EntityState } from './group-state.ts';
import { firstStamp, stampTimeMs } from './hybrid-clock.ts';
import type { FieldValues, IdentityCommand, Outcome, Problem } from './identity-command.ts';
import type { IdentityShape } from './identity-shape.ts';
import type { LogDraft, Moment } from './log-draft.ts';
import { matchValueOf } from './match-value.ts';
import { readFields, readKey, type KeyRead } from './read-input.ts';

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

type CommandOf<Kind extends IdentityCommand['kind']> = IdentityCommand & { readonly kind: Kind };

/** Decides one command upon the state, and notes what it does there and in the log. Nothing else happens here. */
export function decide(command: IdentityCommand, decision: Decision): Outcome {
  switch (command.kind) {
    case 'create':
      return create(command, decision);
    case 'update':
      return update(command, decision);
    case 'delete':
      return remove(command, decision);
    case 'receive':
      return receive(command, decision);
    case 'merge':
      return merge(command, decision);
    case 'reverse':
      return reverse(command, decision);
  }
}

function create(command: CommandOf<'create'>, decision: Decision): Outcome {
  const { shape, state, draft } = decision;
  const fields = readFields(shape, command.fields, { isComplete: true, passesOver: false });
  const key = readNewKey(command.key ?? {}, decision);
  if (fields.kind === 'refused' || key.kind === 'refused')
    return refused([
      ...(key.kind === 'refused' ? key.problems : []),
      ...(fields.kind === 'refused' ? fields.problems : []),
    ]);
  const known = state.find(shape.entity.name, key.value.text);
  const taken = known && (known.row !== null || known.mergedInto !== undefined);
  if (taken === true) return exists(state.resolve(shape.entity.name, key.value.text), 'key', shape);
  const moment = draft.begin(command.origin);
  const row = newRow(shape, { ...fields.value, ...key.value.columns }, moment);
  const twin = findTwin(row, key.value.text, decision);
  if (twin !== undefined) return { ...exists(twin, 'match', shape), status: 'joined' };
  return write(known ?? unknownEntity(shape, key.value.text), row, moment, decision);
}

function update(command: CommandOf<'update'>, decision: Decision): Outcome {
  const { shape, draft } = decision;
  const found = findLive(command.key, command.expectedVersion, decision);
  if ('status' in found) return found;
  const fields = readFields(shape, command.fields, { isComplete: false, passesOver: false });
  if (fields.kind === 'refused') return refused(fields.problems);
  const merged = { ...found.row, ...fields.value };
  if (isSame(found.row, merged)) return outcomeOf('unchanged', found, shape);
  const twin = findTwin(merged, found.key, decision);
  if (twin !== undefined && matchValueOf(shape, merged) !== matchValueOf(shape, found.row))
    return { ...exists(twin, 'match', shape), key: undefined, keyText: undefined };
  const moment = draft.begin(command.origin);
  return write(found, updatedRow(shape, merged, moment), moment, decision);
}

function remove(command: CommandOf<'delete'>, decision: Decision): Outcome {
  const found = findLive(command.key, command.expectedVersion, decision);
  if ('status' in found) return found;
  return write(found, null, decision.draft.begin(command.origin), decision);
}

/** What another tool did; the newer of two wins, by the stamps of those who made them. */
function receive(command: CommandOf<'receive'>, decision: Decision): Outcome {
  const { shape, state, draft } = decision;
  const timeMs = stampTimeMs(command.stamp);
  if (timeMs === undefined) return refused([skewed('the time stamp cannot be read')]);
  if (timeMs > decision.nowMs + decision.maxSkewMs)
    return refused([
      skewed(
        `the time stamp ${command.stamp} is more than ${decision.maxSkewMs / 1_000} s ahead of our clock`,
      ),
    ]);
  const key =
    command.change === 'create'
      ? readNewKey(command.key ?? {}, decision)
      : readKey(shape, command.key ?? {});
  if (key.kind === 'refused') return refused(key.problems);
  const own = state.find(shape.entity.name, key.value.text);
  const known = state.resolve(shape.entity.name, key.value.text);
  const isAlias = own?.mergedInto !== undefined;
  const current = known ?? unknownEntity(shape, key.value.text);
  if (command.stamp <= current.stamp)
    return { ...outcomeOf('stale', current, shape), sequence: undefined };
  if (command.change === 'delete') {
    // Whoever removes what was merged away removes nothing of the one that stayed.
    if (isAlias) return outcomeOf('unchanged', current, shape);
    const gone = draft.begin(command.origin);
    draft.hear(command.stamp);
    return write(current, null, gone, decision, command.stamp);
  }
  const isComplete = current.row === null;
  const fields = readFields(shape, command.fields, { isComplete, passesOver: true });
  if (fields.kind === 'refused') return refused(fields.problems);
  if (current.row === null) {
    const twin = findTwin({ ...fields.value, ...key.value.columns }, key.value.text, decision);
    if (twin !== undefined) return join(current, twin, command, decision);
  }
  const moment = draft.begin(command.origin);
  draft.hear(command.stamp);
  const row =
    current.row === null
      ? newRow(shape, { ...fields.value, ...key.value.columns }, moment)
      : updatedRow(shape, { ...current.row, ...fields.value }, moment);
  const isUnchanged =
    current.row !== null && isSame(current.row, { ...current.row, ...fields.value });
  if (isUnchanged) return outcomeOf('unchanged', current, shape);
  return write(current, row, moment, decision, command.stamp);
}

/** Two tools made the same one at once: the later id leads to the one that is there, and everybody hears of it. */
function join(
  alias: EntityState,
  twin: EntityState,
  command: CommandOf<'receive'>,
  decision: Decision,
): Outcome {
  const { shape } = decision;
  const isOwnId = shape.keyFields.every(({ name }) => command.key?.[name] !== undefined);
  if (!isOwnId) return { ...exists(twin, 'match', shape), status: 'joined' };
  const origin = { actor: 'tributary', source: 'tributary/match', cause: command.origin.cause };
  const moment = decision.draft.begin(origin);
  write(alias, null, moment, decision, undefined, twin.key);
  return { ...exists(twin, 'match', shape), status: 'joined' };
}

function merge(command: CommandOf<'merge'>, decision: Decision): Outcome {
  const { shape, draft } = decision;
  const winner = findLive(command.winner, undefined, decision, 'winnerId');
  if ('status' in winner) return winner;
  const loser = findLive(command.loser, undefined, decision, 'loserId');
  if ('status' in loser) return loser;
  if (winner.key === loser.key)
    return refused([
      { code: 'MERGE_INTO_ITSELF', message: 'Both ids lead to the same one.', field: 'loserId' },
    ]);
  const moment = draft.begin(command.origin);
  const { sequence } = write(loser, null, moment, decision, undefined, winner.key);
  return { ...outcomeOf('done', winner, shape), sequence };
}

function reverse(command: CommandOf<'reverse'>, decision: Decision): Outcome {
  const { shape, state, draft } = decision;
  const change = state.change(command.sequence);
  const current = change && state.find(change.entity, change.key);
  if (change === undefined || current === undefined || change.version === null)
    return refused([{ code: 'NOT_FOUND', message: `There is no change ${command.sequence}.` }]);
  const problem = irreversible(change, current);
  if (problem !== undefined)
    return {
      ...outcomeOf('refused', current, shape),
      problems: [{ code: 'TOO_LATE', message: problem }],
    };
  const moment = draft.begin(command.origin);
  return write(current, change.before, moment, decision, undefined, null, change.sequence);
}

function irreversible(change: Change, current: EntityState): string | undefined {
  if (change.mergedInto !== null) return 'A merge is not taken back.';
  if (change.kind !== 'create' && change.before === null)
    return 'What was before is not known any more.';
  if (current.sequence === change.sequence) return undefined;
  return `Version ${current.version} came after version ${change.version}, and stays.`;
}

/** Notes the new state of an entity, and its change. `row` null: there is none any more. */
function write(
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

function readNewKey(given: FieldValues, { shape, newId }: Decision): ReturnType<typeof readKey> {
  const [only, another] = shape.keyFields;
  const isGiven = only === undefined || (given[only.name] ?? '') !== '';
  const canBeMade = another === undefined && only?.sqlType.kind === 'VARCHAR';
  return readKey(
    shape,
    !isGiven && canBeMade && only !== undefined ? { [only.name]: newId() } : given,
  );
}

function findLive(
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
function findTwin(row: RowTexts, key: string, { shape, state }: Decision): EntityState | undefined {
  const value = matchValueOf(shape, row);
  if (value === undefined) return undefined;
  const twin = state.matching(value).find((candidate) => candidate !== key);
  return twin === undefined
    ? undefined
    : (state.find(shape.entity.name, twin) ?? bareEntity(shape, twin));
}

function newRow(shape: IdentityShape, given: RowTexts, moment: Moment): RowTexts {
  return Object.fromEntries(
    shape.fields.map(({ column, role }) => [
      column,
      stamped(role, moment, true) ?? given[column] ?? null,
    ]),
  );
}

function updatedRow(shape: IdentityShape, row: RowTexts, moment: Moment): RowTexts {
  return Object.fromEntries(
    shape.fields.map(({ column, role }) => [
      column,
      stamped(role, moment, false) ?? row[column] ?? null,
    ]),
  );
}

function stamped(
  role: IdentityShape['fields'][number]['role'],
  { timeMicros, origin }: Moment,
  isNew: boolean,
): string | undefined {
  const given = origin.occurredAt && BigInt(origin.occurredAt.getTime()) * 1_000n;
  const time = given !== undefined && given < timeMicros ? given : timeMicros;
  switch (role) {
    case 'createdAt':
      return isNew ? dateTimeText(time) : undefined;
    case 'updatedAt':
      return dateTimeText(time);
    case 'createdBy':
      return isNew ? origin.actor : undefined;
    case 'updatedBy':
      return origin.actor;
    case 'key':
    case 'data':
      return undefined;
  }
}

function isSame(a: RowTexts, b: RowTexts): boolean {
  return Object.keys(b).every((column) => (a[column] ?? null) === (b[column] ?? null));
}

function unknownEntity(shape: IdentityShape, key: string): EntityState {
  return {
    entity: shape.entity.name,
    key,
    row: null,
    version: 0,
    stamp: firstStamp,
    sequence: 0,
    mergedInto: undefined,
  };
}

/** One that is known by its matching value alone. */
function bareEntity(shape: IdentityShape, key: string): EntityState {
  return { ...unknownEntity(shape, key), version: 1 };
}

function exists(
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

function outcomeOf(status: Outcome['status'], known: EntityState, shape: IdentityShape): Outcome {
  return {
    status,
    key: keyFieldsOf(known.key, shape),
    keyText: known.key,
    version: known.version,
    ...(status === 'done' ? { sequence: known.sequence } : {}),
    problems: [],
  };
}

/** The key's fields of its text; see `keyText`. */
export function keyFieldsOf(key: string, { keyFields }: IdentityShape): FieldValues {
  const texts = keyFields.length === 1 ? [key] : (JSON.parse(key) as readonly string[]);
  return Object.fromEntries(keyFields.map(({ name }, position) => [name, texts[position] ?? null]));
}

function skewed(problem: string): Problem {
  return { code: 'CLOCK_SKEW', message: `${problem}. Set the sender's clock.` };
}

function refused(problems: readonly Problem[]): Outcome {
  return { status: 'refused', problems };
}
