import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import { deadLetterId, putDeadLetter } from './dead-letter-store.ts';
import type { EventItem } from './delivery-source.ts';
import type { FailedAnswer } from './subscriber-health.ts';
import type { EventLake } from './subscriber-store.ts';

interface GivenUp {
  readonly item: EventItem;
  readonly attempts: number;
  /** To the last of them. */
  readonly answer: FailedAnswer;
}

interface BuryOptions {
  readonly lake: EventLake;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes a dead letter of an event that is given up. Gives whether that was written down: until then it is not done. */
export async function buryEvent(
  { item: { event, entity, key, change }, attempts, answer }: GivenUp,
  subscriber: string,
  { lake, clock, log }: BuryOptions,
): Promise<boolean> {
  const { status: lastStatus, error: lastError } = answer;
  try {
    await putDeadLetter(lake, {
      id: deadLetterId(subscriber, event.id),
      subscriber,
      eventId: event.id,
      entity,
      key,
      sequence: change?.sequence ?? null,
      attempts,
      lastStatus,
      lastError,
      since: clock.now(),
    });
  } catch (error) {
    log.error({ err: error, event: event.id }, 'a dead letter was not written down');
    return false;
  }
  log.warn({ subscriber, event: event.id, error: lastError }, 'an event became a dead letter');
  return true;
}
