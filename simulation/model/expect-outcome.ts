import type { RowTexts } from '../../ledger/change.ts';
import type {
  FieldValues,
  IdentityCommand,
  Outcome,
  Problem,
} from '../../ledger/identity-command.ts';
import type { ModelEntity } from './identity-model.ts';
import type { LoggedChange } from './logged-change.ts';

export interface Surroundings {
  readonly find: (key: string) => ModelEntity | undefined;
  readonly resolve: (key: string) => ModelEntity | undefined;
  readonly live: readonly ModelEntity[];
  readonly change: (sequence: number) => LoggedChange | undefined;
  readonly nowMs: number;
}

export interface Expected {
  readonly status: Outcome['status'];
  readonly key?: string | undefined;
  readonly version?: number | undefined;
  readonly problems: readonly Problem['code'][];
  /** Where nothing changes, and what is older than this is late from now on. */
  readonly keepsStamp?: string | undefined;
  readonly change?:
    | {
        readonly kind: LoggedChange['kind'];
        /** Undefined where the product makes one up. */
        readonly key: string | undefined;
        /** The row after it, given when it was committed. */
        readonly after: (change: LoggedChange) => RowTexts | null;
        /** Undefined for one of the product's own. */
        readonly stamp?: string | undefined;
        readonly mergedInto?: string | undefined;
        readonly reverses?: number | undefined;
      }
    | undefined;
}

type CommandOf<Kind extends IdentityCommand['kind']> = IdentityCommand & { readonly kind: Kind };

const maxSkewMs = 300_000;

/** What the rules say becomes of a command. */
export function expectOutcome(command: IdentityCommand, world: Surroundings): Expected {
  switch (command.kind) {
    case 'create':
      return create(command, world);
    case 'update':
      return update(command, world);
    case 'delete': {
      const found = findLive(command.key, command.expectedVersion, world);
      return 'status' in found ? found : changed(found, 'delete', () => null);
    }
    case 'receive':
      return receive(command, world);
    case 'merge':
      return merge(command, world);
    case 'reverse':
      return reverse(command, world);
  }
}

function create(command: CommandOf<'create'>, world: Surroundings): Expected {
  const problems = problemsOf(command.fields, true, false);
  if (problems.length > 0) return refused(...problems);
  const key = idOf(command.key);
  const known = key === undefined ? undefined : world.find(key);
  if (known !== undefined && (known.row !== null || known.mergedInto !== null))
    return exists('refused', world.resolve(known.key));
  const twin = twinOf(command.fields['email'], key, world);
  if (twin !== undefined) return exists('joined', twin);
  return begun(command, key, known, command.fields);
}

function update(command: CommandOf<'update'>, world: Surroundings): Expected {
  const found = findLive(command.key, command.expectedVersion, world);
  if ('status' in found) return found;
  const problems = problemsOf(command.fields, false, false);
  if (problems.length > 0) return refused(...problems);
  const row = { ...found.row, ...columnsOf(command.fields) };
  if (isSame(row, found.row)) return unchanged(found);
  const isOther = matchOf(row['email']) !== matchOf(found.row['email']);
  if (isOther && twinOf(row['email'], found.key, world) !== undefined) return refused('EXISTS');
  return changed(found, 'update', updatedBy(command, row));
}

/** The newer of two wins, by the stamps of those who made them. */
function receive(command: CommandOf<'receive'>, world: Surroundings): Expected {
  const { stamp, change, fields } = command;
  if (Date.parse(stamp.slice(0, 24)) > world.nowMs + maxSkewMs) return refused('CLOCK_SKEW');
  const key = idOf(command.key);
  if (key === undefined && change !== 'create') return refused('REQUIRED');
  const own = key === undefined ? undefined : world.find(key);
  const isAlias = own?.mergedInto != null;
  const current = key === undefined ? undefined : world.resolve(key);
  if (current !== undefined && stamp <= current.stamp)
    return { ...unchanged(current), status: 'stale' };
  if (change === 'delete') {
    if (isAlias && current !== undefined) return unchanged(current);
    return changed(current ?? unknown(key ?? ''), 'delete', () => null, { stamp });
  }
  const row = current?.row ?? null;
  const problems = problemsOf(fields, row === null, true);
  if (problems.length > 0) return refused(...problems);
  if (current === undefined || row === null) {
    const twin = twinOf(fields['email'], key, world);
    if (twin === undefined) return begun(command, current?.key ?? key, current, fields, stamp);
    const joined = exists('joined', twin);
    if (key === undefined) return joined;
    const merged = {
      kind: 'delete',
      key: current?.key ?? key,
      after: () => null,
      mergedInto: twin.key,
    } as const;
    return { ...joined, change: merged };
  }
  const after = { ...row, ...columnsOf(fields) };
  if (isSame(after, row)) return { ...unchanged(current), keepsStamp: stamp };
  return changed(current, 'update', updatedBy(command, after), { stamp });
}

function merge({ winner, loser }: CommandOf<'merge'>, world: Surroundings): Expected {
  const stays = findLive(winner, undefined, world);
  if ('status' in stays) return stays;
  const goes = findLive(loser, undefined, world);
  if ('status' in goes) return goes;
  if (stays.key === goes.key) return refused('MERGE_INTO_ITSELF');
  const change = {
    kind: 'delete',
    key: goes.key,
    after: () => null,
    mergedInto: stays.key,
  } as const;
  return { status: 'done', key: stays.key, version: stays.version, problems: [], change };
}

/** Takes a change back, unless something came after it. */
function reverse({ sequence }: CommandOf<'reverse'>, world: Surroundings): Expected {
  const change = world.change(sequence);
  const current = change && world.find(change.key);
  if (change === undefined || current === undefined) return refused('NOT_FOUND');
  if (change.mergedInto !== null || current.sequence !== sequence || isBlank(change))
    return {
      status: 'refused',
      key: current.key,
      version: current.version,
      problems: ['TOO_LATE'],
    };
  const kind = change.before === null ? 'delete' : current.row === null ? 'create' : 'update';
  return changed(current, kind, () => change.before, { reverses: sequence });
}

function isBlank({ kind, before }: LoggedChange): boolean {
  return kind !== 'create' && before === null;
}

function begun(
  { origin }: IdentityCommand,
  key: string | undefined,
  known: ModelEntity | undefined,
  fields: FieldValues,
  stamp?: string,
): Expected {
  const after = (change: LoggedChange): RowTexts => {
    const time = timeText(change, origin.occurredAt);
    const own = { id: change.key, created_at: time, updated_at: time, created_by: origin.actor };
    return { ...own, ...columnsOf(fields) };
  };
  const version = (known?.version ?? 0) + 1;
  return {
    status: 'done',
    key,
    version,
    problems: [],
    change: { kind: 'create', key, after, stamp },
  };
}

function changed(
  current: ModelEntity,
  kind: LoggedChange['kind'],
  after: (change: LoggedChange) => RowTexts | null,
  more: { readonly stamp?: string; readonly reverses?: number } = {},
): Expected {
  const { key, version } = current;
  return {
    status: 'done',
    key,
    version: version + 1,
    problems: [],
    change: { kind, key, after, ...more },
  };
}

function updatedBy({ origin }: IdentityCommand, row: RowTexts): (change: LoggedChange) => RowTexts {
  return (change) => ({ ...row, updated_at: timeText(change, origin.occurredAt) });
}

function findLive(
  given: FieldValues,
  expectedVersion: number | undefined,
  world: Surroundings,
): Expected | (ModelEntity & { readonly row: RowTexts }) {
  const key = idOf(given);
  if (key === undefined) return refused('REQUIRED');
  const found = world.resolve(key);
  if (found === undefined || found.row === null) return refused('NOT_FOUND');
  const { version } = found;
  if (expectedVersion !== undefined && expectedVersion !== version)
    return { status: 'refused', key: found.key, version, problems: ['VERSION_CONFLICT'] };
  return { ...found, row: found.row };
}

function problemsOf(
  fields: FieldValues,
  isComplete: boolean,
  passesOver: boolean,
): readonly Problem['code'][] {
  const foreign = Object.keys(fields).filter((name) => name !== 'name' && name !== 'email');
  const problems: Problem['code'][] = passesOver ? [] : foreign.map(() => 'INVALID');
  for (const name of ['name', 'email']) {
    const text = fields[name];
    if (text === undefined && !isComplete) continue;
    if (typeof text !== 'string' || text.trim() === '') problems.push('REQUIRED');
    else if (name === 'email' && !/^[^\s@]+@[^\s@]+$/.test(text.trim())) problems.push('INVALID');
  }
  return problems;
}

/** Somebody else with the same address, however it is written. */
function twinOf(
  email: unknown,
  key: string | undefined,
  { live }: Surroundings,
): ModelEntity | undefined {
  return live
    .filter((other) => other.key !== key && matchOf(other.row?.['email']) === matchOf(email))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))[0];
}

function matchOf(email: unknown): string {
  return String(email).trim().toLowerCase();
}

function columnsOf(fields: FieldValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      name === 'name' || name === 'email' ? [[name, String(value)]] : [],
    ),
  );
}

function idOf(key: FieldValues | undefined): string | undefined {
  const id = key?.['id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function isSame(a: RowTexts, b: RowTexts): boolean {
  return Object.keys(a).every((column) => a[column] === b[column]);
}

/** When it happened as its source says, but not later than it came. */
function timeText({ timeMicros }: LoggedChange, occurredAt: Date | undefined): string {
  const given = occurredAt && BigInt(occurredAt.getTime()) * 1_000n;
  const micros = given !== undefined && given < timeMicros ? given : timeMicros;
  const seconds = new Date(Number(micros / 1_000_000n) * 1_000).toISOString().slice(0, 19);
  const fraction = String(micros % 1_000_000n).padStart(6, '0');
  return `${seconds}${`.${fraction}`.replace(/0{3}$/, '').replace(/\.000$/, '')}Z`;
}

function unknown(key: string): ModelEntity {
  return { key, row: null, version: 0, stamp: '', sequence: 0, mergedInto: null };
}

function exists(status: 'refused' | 'joined', known: ModelEntity | undefined): Expected {
  return { status, key: known?.key, version: known?.version, problems: ['EXISTS'] };
}

function unchanged({ key, version }: ModelEntity): Expected {
  return { status: 'unchanged', key, version, problems: [] };
}

function refused(...problems: readonly Problem['code'][]): Expected {
  return { status: 'refused', problems };
}
