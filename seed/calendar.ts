import type { Moment } from './tables.ts';

/**
 * The day that the seed data takes for today. It is fixed, because data that moved with the clock would differ from
 * one day to the next: no row is newer, and what is overdue is overdue as of this day.
 */
export const referenceDay = dayOf('2026-06-30');

/** The day on which the first customer may have been created. */
export const firstDay = dayOf('2014-01-01');

export const microsPerDay = 86_400_000_000;

/** The last moment of the reference day. */
export const referenceMicros = (referenceDay + 1) * microsPerDay - 1;

/** `2026-01-31`, from days since 1970-01-01. */
export function formatDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** RFC 3339 text as the clock at that offset shows it, with as many digits of the second as the moment needs. */
export function formatMoment({ epochMicros, offsetMinutes }: Moment): string {
  const localMicros = epochMicros + offsetMinutes * 60_000_000;
  const micros = localMicros % 1_000_000;
  const seconds = new Date((localMicros - micros) / 1_000).toISOString().slice(0, 19);
  return `${seconds}${formatFraction(micros)}${formatOffset(offsetMinutes)}`;
}

function formatFraction(micros: number): string {
  if (micros === 0) return '';
  const digits = String(micros).padStart(6, '0');
  return `.${digits.endsWith('000') ? digits.slice(0, 3) : digits}`;
}

function formatOffset(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'Z';
  const minutes = Math.abs(offsetMinutes);
  const hours = String(Math.floor(minutes / 60)).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}

function dayOf(date: string): number {
  return Date.parse(date) / 86_400_000;
}
