/** Days and points in time as RFC 3339 writes them: UTC, years 0001 to 9999, nothing finer than microseconds. */

const millisecondsPerDay = 86_400_000;
const secondsPerDay = 86_400;
const daysPerEra = 146_097;
const daysFromMarchOfYear0To1970 = 719_468;
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const microsecondsPerDay = 86_400_000_000n;
const firstDay = -719_162;
const lastDay = 2_932_896;
const firstMicros = BigInt(firstDay) * microsecondsPerDay;
const lastMicros = BigInt(lastDay + 1) * microsecondsPerDay - 1n;

/** `2026-01-31` from days since 1970-01-01; undefined outside the years that can be written. */
export function dateText(days: number): string | undefined {
  return days < firstDay || days > lastDay ? undefined : writeDay(days);
}

/**
 * `2026-01-31T08:30:00Z` from microseconds since 1970-01-01T00:00:00Z, with three or six digits of the second where
 * they are not zero; undefined outside the years that can be written, and for infinity.
 */
export function dateTimeText(micros: bigint): string | undefined {
  if (micros < firstMicros || micros > lastMicros) return undefined;
  const approximate = Number(micros);
  // Only around the present does a double hold every microsecond.
  const seconds = Number.isSafeInteger(approximate)
    ? Math.floor(approximate / 1_000_000)
    : Number((micros - firstMicros) / 1_000_000n) + firstDay * secondsPerDay;
  const fraction = Number(micros - BigInt(seconds) * 1_000_000n);
  const days = Math.floor(seconds / secondsPerDay);
  const second = seconds - days * secondsPerDay;
  const minute = Math.floor(second / 60);
  const hour = Math.floor(minute / 60);
  return `${writeDay(days)}T${two(hour)}:${two(minute - hour * 60)}:${two(second - minute * 60)}${writeFraction(fraction)}Z`;
}

function writeFraction(micros: number): string {
  if (micros === 0) return '';
  if (micros % 1_000 !== 0) return `.${String(micros).padStart(6, '0')}`;
  return `.${String(micros / 1_000).padStart(3, '0')}`;
}

/**
 * Several times faster than a Date, which counts where every cell of a page is written. Counts from 0000-03-01, so
 * that a leap day is the last day of its year, in eras of 400 years, which all have the same number of days.
 */
function writeDay(daysSince1970: number): string {
  const days = daysSince1970 + daysFromMarchOfYear0To1970;
  const era = Math.floor(days / daysPerEra);
  const dayOfEra = days - era * daysPerEra;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${year < 1_000 ? String(year).padStart(4, '0') : year}-${two(month)}-${two(day)}`;
}

function two(number: number): string {
  return twoDigits[number] ?? String(number);
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const dateTimePattern =
  /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Days since 1970-01-01; undefined for a text that is no day of the calendar. */
export function parseDateText(text: string): number | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const days = milliseconds / millisecondsPerDay;
  // Engines read 2026-02-30 as the second of March; the calendar has no such day.
  return dateText(days) === text ? days : undefined;
}

/**
 * Microseconds since 1970-01-01T00:00:00Z; undefined for a text that is not RFC 3339 with an offset, or that is
 * finer than a microsecond.
 */
export function parseDateTimeText(text: string): bigint | undefined {
  const match = dateTimePattern.exec(text);
  if (match === null) return undefined;
  const [, date = '', hours, minutes, seconds, fraction = '', sign, offsetHours, offsetMinutes] =
    match;
  const days = parseDateText(date);
  if (days === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    return undefined;
  }
  if (Number(offsetHours ?? 0) > 23 || Number(offsetMinutes ?? 0) > 59) return undefined;
  if (!/^0*$/.test(fraction.slice(6))) return undefined;
  const offset =
    (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === '-' ? -1 : 1);
  const secondsOfDay = (Number(hours) * 60 + Number(minutes) - offset) * 60 + Number(seconds);
  const micros = BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return BigInt(days) * microsecondsPerDay + BigInt(secondsOfDay) * 1_000_000n + micros;
}
