import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HttpSend } from '../foundation/http-send.ts';
import type { ManualTime } from '../foundation/testing/manual-time.ts';
import type { CloudEvent } from './event-service.ts';
import { mortal, openEvents, randomOf } from './testing/open-events.ts';

const customers = ['C0', 'C1', 'C2', 'C3', 'C4'];

const settings = {
  timeoutMs: 10_000,
  maxAttempts: 1_000,
  retryMaxMs: 5_000,
  maxInFlight: 4,
  windowSize: 12,
};

/** A tool at the other end of a bad line: slow, silent, failing, or right but unheard; each by chance. */
function badLine(
  time: ManualTime,
  accepted: CloudEvent[],
  seed: number,
  badness: () => number,
): HttpSend {
  let attempts = 0;
  return ({ body = '', signal }) =>
    new Promise((resolve, reject) => {
      const event = JSON.parse(body) as CloudEvent;
      const attempt = attempts++;
      const chance = (what: string): number => randomOf(`${seed}:${what}:${attempt}`);
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      const arrives = chance('arrives') >= badness();
      const isHeard = chance('heard') >= badness() / 2;
      time.after(chance('delay') * 2_000, () => {
        if (signal.aborted) return;
        if (arrives) accepted.push(event);
        if (isHeard) resolve({ status: arrives ? 200 : 500, headers: {}, body: '' });
      });
    });
}

/** Runs changes of a few customers against a bad line, with crashes; gives what arrived. */
async function runOnce(seed: number, crashes: number): Promise<readonly CloudEvent[]> {
  const opened = await openEvents({ settings });
  const { create, rename, subscribe, time, lake, again } = opened;
  const accepted: CloudEvent[] = [];
  let badness = 0.5;
  const line = badLine(time, accepted, seed, () => badness);
  await subscribe({ url: 'http://tool.example/' });
  await opened.events.stop();
  const begin = async (): Promise<() => void> => {
    const { parts, kill } = mortal({ send: line, lake, scheduler: time });
    await again(parts).start();
    return kill;
  };
  let kill = await begin();
  for (const id of customers) await create(id);
  for (let n = 0; n < 40; n++) {
    await rename(customers[Math.floor(randomOf(`${seed}:who:${n}`) * 5)] ?? 'C0', `name ${n}`);
    await time.advance(randomOf(`${seed}:wait:${n}`) * 800);
    if (n % Math.ceil(40 / crashes) !== 7) continue;
    kill();
    kill = await begin();
  }
  badness = 0.1;
  const isComplete = (): boolean => new Set(accepted.map(({ id }) => id)).size === 45;
  await time.until(isComplete, 200);
  kill();
  return accepted;
}

test('whatever fails, each event of an entity arrives after the one before it and none is missing, also across crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 6 }), async (seed, crashes) => {
      const accepted = await runOnce(seed, crashes);
      for (const customer of customers) {
        let newest = 0;
        for (const { subject, entityversion } of accepted) {
          if (subject !== customer) continue;
          // Known ones may come again; a new one is always the next.
          expect(entityversion).toBeLessThanOrEqual(newest + 1);
          newest = Math.max(newest, entityversion);
        }
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);
