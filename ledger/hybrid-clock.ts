/**
 * Hybrid logical clocks (Kulkarni, Demirbas and others, "Logical Physical Clocks", 2014): time stamps that are near
 * the wall clock, and later than everything that their maker had seen when it made them.
 *
 * A stamp is text, such as `2026-11-28T20:58:01.123Z.0001`: milliseconds in UTC and a counter of four hexadecimal
 * digits. Stamps are compared as texts.
 */

const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)\.([0-9a-f]{4})$/;
const lastCount = 0xffff;

/** The first stamp of its maker. */
export const firstStamp = '0001-01-01T00:00:00.000Z.0000';

/** A stamp for now that is later than another one. */
export function stampAfter(last: string, nowMs: number): string {
  const now = stampOf(nowMs);
  if (now > last) return now;
  const [, time = '', count = '0'] = pattern.exec(last) ?? [];
  const next = Number.parseInt(count, 16) + 1;
  if (next > lastCount) return stampOf(Date.parse(time) + 1);
  return `${time}.${next.toString(16).padStart(4, '0')}`;
}

/** The earliest stamp of a millisecond. */
export function stampOf(timeMs: number): string {
  return `${new Date(timeMs).toISOString()}.0000`;
}

/** The later of two. */
export function laterStamp(a: string, b: string): string {
  return a < b ? b : a;
}

/** The stamp's time; undefined for a text that is no stamp. */
export function stampTimeMs(stamp: string): number | undefined {
  const [, time] = pattern.exec(stamp) ?? [];
  if (time === undefined) return undefined;
  const timeMs = Date.parse(time);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
