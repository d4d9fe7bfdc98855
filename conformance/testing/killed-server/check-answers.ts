import type { Answered, CustomerTool } from './customer-tool.ts';
import type { LoggedChange, Texts } from './logged-changes.ts';
import type { PushedRow, PushingTool } from './pushing-tool.ts';
import type { CustomerEvent, RecordingSubscriber } from './recording-subscriber.ts';

/** What was acknowledged to a tool and is not in the log as it was said, or is there twice. */
export function checkCommands(
  tools: readonly CustomerTool[],
  log: readonly LoggedChange[],
): readonly string[] {
  const changes = new Changes(log);
  return tools.flatMap((tool) => [
    ...tool.problems,
    ...tool.answered.flatMap((answered) => {
      const problem = problemOf(answered, tool.name, changes);
      if (problem === undefined) return [];
      return [`${JSON.stringify(answered)}: ${problem}`];
    }),
  ]);
}

/** The changes of identities, by what they are looked for. */
class Changes {
  readonly #byVersion = new Map<string, LoggedChange>();
  /** Changes that gave a customer a name. */
  readonly #byName = new Map<string, LoggedChange[]>();

  constructor(log: readonly LoggedChange[]) {
    for (const change of log) {
      if (change.version === null) continue;
      this.#byVersion.set(`${change.key} ${change.version}`, change);
      const name = change.after?.['name'];
      if (typeof name !== 'string' || name === change.before?.['name']) continue;
      this.#byName.set(name, [...(this.#byName.get(name) ?? []), change]);
    }
  }

  at(key: string | undefined, version: number | null): LoggedChange | undefined {
    return this.#byVersion.get(`${key} ${version}`);
  }

  naming(name: string): readonly LoggedChange[] {
    return this.#byName.get(name) ?? [];
  }

  merging(loser: string): LoggedChange | undefined {
    return [...this.#byVersion.values()].find(
      ({ key, mergedInto }) => key === loser && mergedInto !== null,
    );
  }
}

function problemOf(
  { wish, payload }: Answered,
  actor: string,
  changes: Changes,
): string | undefined {
  const { customer, deletedId, version, errors } = payload;
  if (wish.kind === 'create' || wish.kind === 'update') {
    const made = changes.naming(wish.name);
    if (errors.length > 0) return made.length === 0 ? undefined : 'it was refused, and is there';
    if (made.length !== 1) return `it was done ${made.length} times`;
    const change = changes.at(customer?.id, version);
    if (change !== made[0]) return 'it is another change than was said';
    if (change?.kind !== wish.kind) return `it is logged as a ${change?.kind}`;
    if (change.actor !== actor) return `it is logged as of ${change.actor}`;
    if (wish.kind === 'update') return undefined;
    return change.after?.['email'] === wish.email ? undefined : 'it has another address';
  }
  if (errors.length > 0) return undefined;
  if (wish.kind === 'delete') {
    const change = changes.at(deletedId ?? undefined, version);
    if (change?.kind !== 'delete' || change.mergedInto !== null) return 'it is not in the log';
    return change.actor === actor ? undefined : `it is logged as of ${change.actor}`;
  }
  const merged = changes.merging(wish.loserId);
  return merged?.mergedInto === customer?.id ? undefined : 'it is not in the log';
}

/** Pushes whose rows are not in the lake exactly once, each table with what its log has to be. */
export function checkOrders(tool: PushingTool, log: readonly LoggedChange[]): readonly string[] {
  const logged = log
    .filter(({ domain }) => domain === 'billing')
    .map(({ kind, key, after }) => `${kind} ${key} ${after?.['note'] ?? ''}`);
  const acknowledged = changesOf(tool.acknowledged);
  const all =
    tool.pending === undefined ? acknowledged : changesOf([...tool.acknowledged, tool.pending]);
  const isDue = [acknowledged, all].some(
    (due) => due.toSorted().join('\n') === logged.toSorted().join('\n'),
  );
  if (isDue) return tool.problems;
  const known = new Set(logged);
  const lost = acknowledged.filter((change) => !known.has(change));
  const due = new Set(all);
  const unknown = logged.filter((change) => !due.has(change));
  const problem = `of ${acknowledged.length} acknowledged changes of orders ${logged.length} are in the log; missing: ${lost.slice(0, 5).join(', ')}; too much: ${unknown.slice(0, 5).join(', ')}`;
  return [...tool.problems, problem];
}

/** What pushes come to, one after the other; each note is there once. */
function changesOf(pushes: readonly (readonly PushedRow[])[]): readonly string[] {
  const present = new Set<string>();
  return pushes.flat().flatMap(({ id, gone, note }) => {
    const isPresent = present.has(id);
    if (gone === true) {
      present.delete(id);
      return isPresent ? [`delete ${id} `] : [];
    }
    present.add(id);
    return [`${isPresent ? 'update' : 'create'} ${id} ${note}`];
  });
}

/** Customers whose sales row is not the one that was pushed last. Those that were merged are left to other tests. */
export function checkSales(
  tool: PushingTool,
  log: readonly LoggedChange[],
  now: ReadonlyMap<string, Texts>,
): readonly string[] {
  const merged = new Set(
    log.flatMap(({ key, mergedInto }) => [...(mergedInto === null ? [] : [key, mergedInto])]),
  );
  const problems = [...tool.problems];
  const last = new Map(tool.acknowledged.flat().map(({ id, rep }) => [id, rep]));
  const pending = new Map((tool.pending ?? []).map(({ id, rep }) => [id, rep]));
  for (const [id, rep] of last) {
    if (merged.has(id) || !now.has(`identity/${id}`)) continue;
    const found = now.get(`sales/${id}`)?.['sales_rep'];
    if (found !== rep && found !== pending.get(id))
      problems.push(`sales of ${id} is "${found}", and "${rep}" was pushed last`);
  }
  return problems;
}

/** What a subscriber was sent that is not in the log so, or not in its order; and, at the end, what it was not sent. */
export function checkEvents(
  { events }: RecordingSubscriber,
  log: readonly LoggedChange[],
  options: { readonly owner: string; readonly isOver: boolean },
): readonly string[] {
  const problems: string[] = [];
  const due = new Map(
    log
      .filter(({ version, actor }) => version !== null && actor !== options.owner)
      .map((change) => [String(change.sequence), change]),
  );
  const versions = new Map<string, number>();
  for (const event of events) {
    const { id, subject, entityversion: version } = event;
    const change = due.get(id);
    if (change === undefined) problems.push(`event ${id} of ${subject} is not due`);
    else if (!isOf(event, change))
      problems.push(`event ${id} is not its change: ${JSON.stringify(event)}`);
    if (version <= (versions.get(subject) ?? 0)) problems.push(`event ${id} came out of order`);
    versions.set(subject, version);
  }
  const sent = new Set(events.map(({ id }) => id));
  if (sent.size !== events.length) problems.push('an event was handed over twice');
  const skipped = [...due.keys()].filter((id) => !sent.has(id));
  // What is behind an event of the same customer cannot be still to come.
  const lost = skipped.filter((id) => {
    const change = due.get(id);
    return options.isOver || (change?.version ?? 0) < (versions.get(change?.key ?? '') ?? 0);
  });
  if (lost.length > 0) problems.push(`events were skipped: ${lost.join(', ')}`);
  return problems;
}

const types: Readonly<Record<string, string>> = {
  create: 'CustomerCreated',
  update: 'CustomerUpdated',
  delete: 'CustomerDeleted',
};

function isOf(event: CustomerEvent, change: LoggedChange): boolean {
  const { type, subject, entityversion, origin, data } = event;
  const name = change.after?.['name'] ?? undefined;
  return (
    type === types[change.kind] &&
    subject === change.key &&
    entityversion === change.version &&
    origin === change.actor &&
    data['name'] === name &&
    (change.mergedInto ?? undefined) === data['mergedInto']
  );
}

/** Customers that a subscriber who began with all of them has otherwise than the lake. */
export function checkReplica(
  { customers }: RecordingSubscriber,
  now: ReadonlyMap<string, Texts>,
): readonly string[] {
  const due = new Map(
    [...now]
      .filter(([place]) => place.startsWith('identity/'))
      .map(([place, row]) => [place.slice('identity/'.length), `${row['name']} ${row['email']}`]),
  );
  const ids = new Set([...due.keys(), ...customers.keys()]);
  return [...ids].flatMap((id) => {
    const known = customers.get(id);
    const found =
      known === undefined ? undefined : `${String(known['name'])} ${String(known['email'])}`;
    return found === due.get(id)
      ? []
      : [`the replica has ${id} as ${found}, the lake as ${due.get(id)}`];
  });
}
