import { expect, it } from 'vitest';
import { formatDay, formatMoment, referenceDay, referenceMicros } from './calendar.ts';

it('writes days', () => {
  expect(formatDay(0)).toBe('1970-01-01');
  expect(formatDay(referenceDay)).toBe('2026-06-30');
});

it('ends the reference day with its last microsecond', () => {
  expect(formatMoment({ epochMicros: referenceMicros, offsetMinutes: 0 })).toBe(
    '2026-06-30T23:59:59.999999Z',
  );
});

it.each([
  [0, '2020-02-29T23:30:00Z'],
  [60, '2020-03-01T00:30:00+01:00'],
  [345, '2020-03-01T05:15:00+05:45'],
  [-210, '2020-02-29T20:00:00-03:30'],
  [-720, '2020-02-29T11:30:00-12:00'],
  [840, '2020-03-01T13:30:00+14:00'],
])('writes a moment as a clock %i minutes from UTC shows it', (offsetMinutes, text) => {
  const epochMicros = Date.parse('2020-02-29T23:30:00Z') * 1_000;
  expect(formatMoment({ epochMicros, offsetMinutes })).toBe(text);
});

it.each([
  [1, '.000001'],
  [1_000, '.001'],
  [120_000, '.120'],
  [999_999, '.999999'],
])('writes %i microseconds as %s', (micros, fraction) => {
  const epochMicros = Date.parse('2020-02-29T23:30:00Z') * 1_000 + micros;
  expect(formatMoment({ epochMicros, offsetMinutes: 0 })).toBe(`2020-02-29T23:30:00${fraction}Z`);
});
