/**
 * Local times are counted like moments: milliseconds since 1970 on a clock that shows them, as if it were in UTC.
 */

/** What a clock in the zone shows at a moment. */
export function localTimeOf(moment: Date, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(moment))
    parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (moment.getTime() % 1_000);
}

/**
 * The moments at which a clock in the zone shows a time: one, or two when the clock was set back, the first one first.
 * For a time that was left out when the clock was set forward it is the moment of that.
 */
export function moments(local: number, timeZone: string): readonly number[] {
  const offsets = new Set([local - dayMs, local + dayMs].map((near) => offsetAt(near, timeZone)));
  const found = [...offsets]
    .map((offset) => local - offset)
    .filter((moment) => offsetAt(moment, timeZone) === local - moment)
    .toSorted((a, b) => a - b);
  return found.length > 0 ? found : [endOfGap(local, timeZone, [...offsets])];
}

/** `2026-11-29T02:00:00[Europe/Berlin]` */
export function localText(moment: Date, timeZone: string): string {
  const local = new Date(localTimeOf(moment, timeZone)).toISOString().slice(0, 19);
  return `${local}[${timeZone}]`;
}

const dayMs = 86_400_000;

function offsetAt(moment: number, timeZone: string): number {
  return localTimeOf(new Date(moment), timeZone) - moment;
}

/** The clock is set between the moments that the time would be by the one offset and by the other. */
function endOfGap(local: number, timeZone: string, offsets: readonly number[]): number {
  let before = local - Math.max(...offsets);
  let after = local - Math.min(...offsets);
  const offsetBefore = offsetAt(before, timeZone);
  while (after - before > 1_000) {
    const middle = Math.floor((before + after) / 2_000) * 1_000;
    if (offsetAt(middle, timeZone) === offsetBefore) before = middle;
    else after = middle;
  }
  return after;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
