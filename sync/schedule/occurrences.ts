import { Cron } from 'croner';
import type { Schedule } from '../declaration/sync-declaration.ts';
import { localTimeOf, moments } from './zoned-time.ts';

/**
 * When a schedule is due.
 *
 * Patterns speak of local time, and twice a year local time has a gap or runs twice. Croner alone would shift a time
 * that does not exist by the length of the gap, and takes sometimes the first, sometimes the second of two equal times.
 * So it only lists local times here, as if there were no zones; what moments they are is found in `zoned-time.ts`: one
 * in a gap is the end of the gap, and of two equal ones the first counts. A pattern for every hour runs in both.
 */
export function nextOccurrence(schedule: Schedule, after: Date): Date | undefined {
  return intervalAround(schedule, after).next;
}

/** The last time that the schedule was due, up to and with this moment. */
export function lastOccurrence(schedule: Schedule, upTo: Date): Date | undefined {
  return intervalAround(schedule, upTo).last;
}

/** Between two times of a schedule nothing needs to be found anew, however often it is asked for. */
interface Interval {
  readonly last: Date | undefined;
  readonly next: Date | undefined;
  /** The moments that it was found for. */
  readonly from: Date;
  readonly to: Date;
}

const intervals = new Map<string, Interval>();

function intervalAround(schedule: Schedule, moment: Date): Interval {
  const key = `${schedule.cron} ${schedule.timeZone}`;
  const known = intervals.get(key);
  if (known !== undefined && known.from <= moment && moment < known.to) return known;
  const last = findLast(schedule, moment);
  const next = findNext(schedule, moment);
  const interval = { last, next, from: last ?? moment, to: next ?? moment };
  if (intervals.size >= mostIntervals) intervals.clear();
  intervals.set(key, interval);
  return interval;
}

const mostIntervals = 1_000;

function findNext(schedule: Schedule, after: Date): Date | undefined {
  const { cron, isHourly } = patternOf(schedule.cron);
  let local = new Date(localTimeOf(after, schedule.timeZone) - longestShiftMs);
  let found: number | undefined;
  for (;;) {
    const next = cron.nextRun(local);
    if (next === null) return dateOf(found);
    if (
      found !== undefined &&
      next.getTime() > localTimeOf(new Date(found), schedule.timeZone) + longestShiftMs
    )
      return dateOf(found);
    for (const moment of momentsOf(next, schedule.timeZone, isHourly))
      if (moment > after.getTime() && (found === undefined || moment < found)) found = moment;
    local = next;
  }
}

/**
 * Croner's own way back stumbles over years without the day that a pattern names, so this goes forward from further
 * and further back.
 */
function findLast(schedule: Schedule, upTo: Date): Date | undefined {
  const { cron, isHourly } = patternOf(schedule.cron);
  const end = localTimeOf(upTo, schedule.timeZone) + longestShiftMs;
  for (const lengthMs of windowsMs) {
    let found: number | undefined;
    let local = cron.nextRun(new Date(end - longestShiftMs - lengthMs));
    for (; local !== null && local.getTime() <= end; local = cron.nextRun(local)) {
      for (const moment of momentsOf(local, schedule.timeZone, isHourly))
        if (moment <= upTo.getTime() && (found === undefined || moment > found)) found = moment;
    }
    if (found !== undefined) return new Date(found);
  }
  return undefined;
}

export function isCronPattern(text: string): boolean {
  try {
    return text.trim().split(/\s+/).length === 5 && patternOf(text).cron.nextRun() !== null;
  } catch {
    return false;
  }
}

export function isTimeZone(text: string): boolean {
  try {
    localTimeOf(new Date(0), text);
    // Offsets are no zones: they know nothing of summer time.
    return !/^[+-]/.test(text);
  } catch {
    return false;
  }
}

/** Zones have moved their clocks by up to three hours, but for some that changed the day. */
const longestShiftMs = 3 * 3_600_000;

const hourMs = 3_600_000;
const windowsMs = [
  6 * hourMs,
  49 * hourMs,
  35 * 24 * hourMs,
  370 * 24 * hourMs,
  9 * 366 * 24 * hourMs,
];

interface Pattern {
  readonly cron: Cron;
  readonly isHourly: boolean;
}

const patterns = new Map<string, Pattern>();

function patternOf(text: string): Pattern {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const cron = new Cron(text, { timezone: 'UTC', mode: '5-part', paused: true });
  const [, hours = ''] = text.trim().split(/\s+/);
  const pattern = { cron, isHourly: hours === '*' };
  patterns.set(text, pattern);
  return pattern;
}

function momentsOf(local: Date, timeZone: string, isHourly: boolean): readonly number[] {
  const found = moments(local.getTime(), timeZone);
  return isHourly ? found : found.slice(0, 1);
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}
