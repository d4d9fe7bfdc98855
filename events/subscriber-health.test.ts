import { expect, test } from 'vitest';
import { defaultEventSettings } from './event-settings.ts';
import { SubscriberHealth, type FailedAnswer } from './subscriber-health.ts';

const now = new Date('2026-11-28T12:00:00Z');
const failed: FailedAnswer = { kind: 'failed', status: 500, error: '' };
const refused: FailedAnswer = { kind: 'refused', status: 404, error: '' };
const busy: FailedAnswer = { kind: 'busy', status: 429, error: '', retryAfterMs: 1 };

function newEvent(): Parameters<SubscriberHealth['fail']>[0] {
  return { failures: 0, refusals: 0, acceptedBefore: undefined };
}

function healthy(): SubscriberHealth {
  return new SubscriberHealth(defaultEventSettings, null);
}

test('an event that fails eight times while others are accepted is to blame', () => {
  const health = healthy();
  const event = newEvent();
  const fates = Array.from({ length: 8 }, () => {
    health.accept();
    return health.fail(event, failed, now);
  });
  expect(fates).toEqual([...Array(7).fill('retry'), 'bury']);
  expect(health.failingSince).toBeNull();
});

test('three failures in a row mean that nothing gets through, and then no failure speaks against an event', () => {
  const health = healthy();
  const event = newEvent();
  for (let n = 0; n < 50; n++) expect(health.fail(event, failed, now)).toBe('retry');
  expect(health.failingSince).toEqual(now);
  expect(event.failures).toBe(3);
  expect([health.accept(), health.accept(), health.failingSince]).toEqual([true, false, null]);
  expect(health.fail(event, failed, now)).toBe('retry');
});

test('an event that is refused three times is to blame when others are accepted, or when it is the first of its kind', () => {
  const health = healthy();
  const alone = newEvent();
  expect([1, 2, 3].map(() => health.fail(alone, refused, now))).toEqual(['retry', 'retry', 'bury']);
  const next = newEvent();
  expect([1, 2, 3, 4].map(() => health.fail(next, refused, now))).toEqual(Array(4).fill('retry'));
  expect(health.failingSince).toEqual(now);
  health.accept();
  expect(health.fail(next, refused, now)).toBe('bury');
});

test('a subscriber that refuses all events is down', () => {
  const health = healthy();
  const events = [newEvent(), newEvent()];
  for (let n = 0; n < 20; n++)
    for (const event of events) expect(health.fail(event, refused, now)).toBe('retry');
  expect(health.failingSince).toEqual(now);
});

test('an answer that asks for time says nothing of the event', () => {
  const health = healthy();
  const event = newEvent();
  for (let n = 0; n < 20; n++) {
    health.accept();
    expect(health.fail(event, busy, now)).toBe('retry');
  }
  expect(event.failures).toBe(0);
});
