import type { LoggedChange, Texts } from './logged-changes.ts';

/**
 * What is wrong with the log as such: it has to be complete and in order, and to tell of each row what became of it
 * from the first rows to those of now.
 *
 * @param first the rows before the first change, by `domain/key`
 * @param now the rows as they are
 */
export function checkLog(
  log: readonly LoggedChange[],
  first: ReadonlyMap<string, Texts>,
  now: ReadonlyMap<string, Texts>,
): readonly string[] {
  const problems = [...checkOrder(log), ...checkVersions(log, first)];
  const rows = new Map(first);
  for (const change of log) {
    const place = `${change.domain}/${change.key}`;
    const known = rows.get(place) ?? null;
    const { sequence, kind, before, after } = change;
    if (!isSame(known, before))
      problems.push(`${sequence}: before is ${text(before)}, and ${place} was ${text(known)}`);
    const due = after === null ? 'delete' : before === null ? 'create' : 'update';
    if (kind !== due) problems.push(`${sequence}: is called ${kind}, and is a ${due}`);
    if (after === null) rows.delete(place);
    else rows.set(place, after);
  }
  for (const place of new Set([...rows.keys(), ...now.keys()])) {
    const [logged = null, found = null] = [rows.get(place), now.get(place)];
    if (!isSame(logged, found))
      problems.push(`${place} is ${text(found)}, and by the log ${text(logged)}`);
  }
  return problems;
}

function checkOrder(log: readonly LoggedChange[]): string[] {
  const problems: string[] = [];
  let last: LoggedChange | undefined;
  for (const [place, change] of log.entries()) {
    const { sequence, transaction, micros } = change;
    if (sequence !== place + 1) problems.push(`${sequence} stands at ${place + 1}`);
    const isOfLast = last !== undefined && transaction === last.transaction;
    if (!isOfLast && transaction !== sequence)
      problems.push(`${sequence}: begins the transaction ${transaction}`);
    if (isOfLast && micros !== last?.micros)
      problems.push(`${sequence}: has another time than its transaction`);
    if (!isOfLast && last !== undefined && micros <= last.micros)
      problems.push(`${sequence}: is not later than ${last.sequence}`);
    last = change;
  }
  return problems;
}

/** Of an identity, versions follow each other. One from a seed file has version 1 without a change. */
function checkVersions(
  log: readonly LoggedChange[],
  first: ReadonlyMap<string, Texts>,
): readonly string[] {
  const versions = new Map<string, number>();
  const problems: string[] = [];
  for (const { sequence, domain, key, version } of log) {
    if ((domain === 'identity') !== (version !== null))
      problems.push(`${sequence}: a change of ${domain} has the version ${version}`);
    if (version === null) continue;
    const before = versions.get(key) ?? (first.has(`identity/${key}`) ? 1 : 0);
    if (version !== before + 1)
      problems.push(`${sequence}: version ${version} of ${key} follows version ${before}`);
    versions.set(key, version);
  }
  return problems;
}

function isSame(one: Texts | null, other: Texts | null): boolean {
  if (one === null || other === null) return one === other;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? null) === (other[name] ?? null));
}

function text(row: Texts | null): string {
  return row === null ? 'nothing' : JSON.stringify(row);
}
