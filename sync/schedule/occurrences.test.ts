import { describe, expect, it } from 'vitest';
import { isCronPattern, isTimeZone, lastOccurrence, nextOccurrence } from './occurrences.ts';
import { localText } from './zoned-time.ts';

/** All times at which a schedule is due within some days, forwards; checked against the way back. */
function dueIn(cron: string, timeZone: string, from: string, to: string): readonly string[] {
  const schedule = { cron, timeZone };
  const found: Date[] = [];
  for (let at = nextOccurrence(schedule, new Date(from)); at !== undefined && at <= new Date(to);) {
    found.push(at);
    at = nextOccurrence(schedule, at);
  }
  const back: Date[] = [];
  for (let at = lastOccurrence(schedule, new Date(to)); at !== undefined && at > new Date(from);) {
    back.unshift(at);
    at = lastOccurrence(schedule, new Date(at.getTime() - 1));
  }
  expect(back).toEqual(found);
  return found.map((at) => at.toISOString().slice(0, 16));
}

describe('a nightly schedule, on nights when the clock is set forward', () => {
  it.each([
    // The local time does not exist on the night between: it is due at the end of the gap.
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-27T12:00Z',
      '2026-03-30T12:00Z',
      ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30'],
    ],
    [
      '30 2 * * *',
      'America/New_York',
      '2026-03-06T12:00Z',
      '2026-03-09T12:00Z',
      ['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30'],
    ],
    [
      '30 2 * * *',
      'Australia/Sydney',
      '2026-10-02T12:00Z',
      '2026-10-05T12:00Z',
      ['2026-10-02T16:30', '2026-10-03T16:00', '2026-10-04T15:30'],
    ],
    [
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-02T12:00Z',
      '2026-10-05T12:00Z',
      ['2026-10-02T15:45', '2026-10-03T15:30', '2026-10-04T15:15'],
    ],
    [
      '30 0 * * *',
      'America/Santiago',
      '2026-09-04T12:00Z',
      '2026-09-07T12:00Z',
      ['2026-09-05T04:30', '2026-09-06T04:00', '2026-09-07T03:30'],
    ],
    // The same night, at a time that exists.
    ['30 3 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z', ['2026-03-29T01:30']],
  ])('%s in %s is due once a night', (cron, timeZone, from, to, due) => {
    expect(dueIn(cron, timeZone, from, to)).toEqual(due);
  });
});

describe('a nightly schedule, on nights when the clock is set back', () => {
  it.each([
    // The local time comes twice on the night between: the first one counts.
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-23T12:00Z',
      '2026-10-26T12:00Z',
      ['2026-10-24T00:30', '2026-10-25T00:30', '2026-10-26T01:30'],
    ],
    [
      '30 1 * * *',
      'America/New_York',
      '2026-10-30T12:00Z',
      '2026-11-02T12:00Z',
      ['2026-10-31T05:30', '2026-11-01T05:30', '2026-11-02T06:30'],
    ],
    [
      '30 2 * * *',
      'Australia/Sydney',
      '2026-04-03T12:00Z',
      '2026-04-06T12:00Z',
      ['2026-04-03T15:30', '2026-04-04T15:30', '2026-04-05T16:30'],
    ],
    [
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T12:00Z',
      '2026-04-06T12:00Z',
      ['2026-04-03T14:45', '2026-04-04T14:45', '2026-04-05T15:15'],
    ],
    [
      '30 23 * * *',
      'America/Santiago',
      '2026-04-02T12:00Z',
      '2026-04-06T12:00Z',
      ['2026-04-03T02:30', '2026-04-04T02:30', '2026-04-05T02:30', '2026-04-06T03:30'],
    ],
  ])('%s in %s is due once a night', (cron, timeZone, from, to, due) => {
    expect(dueIn(cron, timeZone, from, to)).toEqual(due);
  });
});

describe('a schedule for every hour', () => {
  it('is due in both of two equal hours, and not in one that does not exist', () => {
    expect(dueIn('0 * * * *', 'Europe/Berlin', '2026-10-24T23:30Z', '2026-10-25T02:30Z')).toEqual([
      '2026-10-25T00:00',
      '2026-10-25T01:00',
      '2026-10-25T02:00',
    ]);
    expect(
      dueIn('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15Z', '2026-03-29T01:45Z'),
    ).toEqual(['2026-03-29T00:30', '2026-03-29T01:00', '2026-03-29T01:30']);
  });
});

describe('a schedule', () => {
  it('reaches over years', () => {
    expect(dueIn('0 0 29 2 *', 'UTC', '2026-01-01T00:00Z', '2033-01-01T00:00Z')).toEqual([
      '2028-02-29T00:00',
      '2032-02-29T00:00',
    ]);
  });

  it('is due after and not at the moment that it is asked for, and last at that very moment', () => {
    const schedule = { cron: '0 2 * * *', timeZone: 'UTC' };
    const due = new Date('2026-11-28T02:00:00Z');
    expect(nextOccurrence(schedule, due)).toEqual(new Date('2026-11-29T02:00:00Z'));
    expect(lastOccurrence(schedule, due)).toEqual(due);
  });

  it.each([
    ['0 2 * * *', true],
    ['0 2 * * 1-5', true],
    ['0 25 * * *', false],
    ['0 0 30 2 *', false],
    ['* * * * * *', false],
    ['@daily', false],
    ['nightly', false],
    ['', false],
  ])('%j is one: %s', (text, isOne) => {
    expect(isCronPattern(text)).toBe(isOne);
  });

  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['+02:00', false],
    ['Mars/Olympus', false],
    ['', false],
  ])('%j is a zone: %s', (text, isOne) => {
    expect(isTimeZone(text)).toBe(isOne);
  });
});

it('a moment is written as the clock of its zone shows it', () => {
  const moment = new Date('2026-11-29T01:00:00Z');
  expect(localText(moment, 'Europe/Berlin')).toBe('2026-11-29T02:00:00[Europe/Berlin]');
  expect(localText(moment, 'Australia/Lord_Howe')).toBe('2026-11-29T12:00:00[Australia/Lord_Howe]');
});
