import { Undecided } from './undecided.ts';

const minute = 60_000_000n;
const hour = 60n * minute;
const day = 24n * hour;

/** The day at which the bucket of a day begins. */
export function dayBucket(date: string, bucket: string): string {
  return new Date(startOf(Date.parse(date), bucket)).toISOString().slice(0, 10);
}

/** The moment, in microseconds, at which the bucket of a moment begins in a time zone. */
export function momentBucket(micros: bigint, bucket: string, zone: string): bigint {
  const wall = wallOf(micros, zone);
  if (bucket === 'HOUR') return hourBucket(micros, wall, zone);
  const start = BigInt(startOf(Number(wholeMinutes(wall) * 60_000n), bucket)) * 1_000n;
  return firstMoment(start - day, micros, (moment) => wallOf(moment, zone) >= start);
}

/** An hour that the clocks show twice is two hours; one of which they skip a part is what is left of it. */
function hourBucket(micros: bigint, wall: bigint, zone: string): bigint {
  const wallStart = wall - (((wall % hour) + hour) % hour);
  const start = micros - (wall - wallStart);
  const shown = wallOf(start, zone);
  if (shown > wallStart) throw new Undecided('The clocks go back within this hour');
  return firstMoment(start - minute, micros, (moment) => wallOf(moment, zone) >= wallStart);
}

/**
 * The first minute after `from` and not after `to` at which something holds that goes on holding: no clock was ever
 * changed between two minutes in these zones.
 */
function firstMoment(from: bigint, to: bigint, holds: (moment: bigint) => boolean): bigint {
  let before = wholeMinutes(from);
  let after = wholeMinutes(to);
  while (after - before > 1n) {
    const middle = (before + after) / 2n;
    if (middle === before || middle === after) break;
    if (holds(middle * minute)) after = middle;
    else before = middle;
  }
  return after * minute;
}

function wholeMinutes(micros: bigint): bigint {
  return (micros - (((micros % minute) + minute) % minute)) / minute;
}

/** Milliseconds of the midnight at which a calendar bucket begins. */
function startOf(milliseconds: number, bucket: string): number {
  const date = new Date(milliseconds);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const midnight = Date.UTC(year, month, date.getUTCDate());
  switch (bucket) {
    case 'YEAR':
      return Date.UTC(year, 0, 1);
    case 'QUARTER':
      return Date.UTC(year, month - (month % 3), 1);
    case 'MONTH':
      return Date.UTC(year, month, 1);
    case 'WEEK':
      return midnight - ((date.getUTCDay() + 6) % 7) * 86_400_000;
    case 'DAY':
      return midnight;
    default:
      throw new Error(`There is no bucket ${bucket}`);
  }
}

const calendars = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show, as microseconds since the midnight with which their 1970 began. */
export function wallOf(micros: bigint, zone: string): bigint {
  const calendar = calendars.get(zone) ?? calendarOf(zone);
  calendars.set(zone, calendar);
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const parts = calendar.formatToParts(Number((micros - fraction) / 1_000n));
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return BigInt(shown) * 1_000n + fraction;
}

function calendarOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
