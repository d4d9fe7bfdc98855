import type { Clock } from '../foundation/clock.ts';
import type { Scheduler } from '../foundation/scheduler.ts';
import type { Caller } from './caller.ts';

interface WatchOptions {
  /** As it was told when what goes on began. */
  readonly caller: Caller;
  /** Tells the caller anew, from the same credential; throws when it opens nothing any more. */
  readonly identify: () => Promise<Caller>;
  /** Called once, with what was thrown; then the watch is over. */
  readonly onRefused: (error: unknown) => void;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

const lookAgainMs = 1_000;

/**
 * Asks again who is calling while something goes on for a caller: a key may be revoked, and a token expires. A key is
 * looked up every second, which costs microseconds. The signature of a token does not get worse with time, so it is
 * checked again from the moment at which the token expires on.
 *
 * @returns what ends the watch
 */
export function watchCaller(options: WatchOptions): () => void {
  const { caller, identify, onRefused, clock, scheduler } = options;
  if (caller.kind === 'anonymous' || caller.kind === 'router') return () => {};
  const expiresAtMs = caller.kind === 'jwt' ? (caller.claims.exp ?? 0) * 1_000 : 0;
  let isOver = false;
  let stopTimer = wait();
  return () => {
    isOver = true;
    stopTimer();
  };

  function wait(): () => void {
    const delayMs = Math.max(lookAgainMs, expiresAtMs - clock.now().getTime());
    return scheduler.after(delayMs, () => void look());
  }

  async function look(): Promise<void> {
    try {
      // The longest timers are shorter than the life of some tokens.
      if (expiresAtMs <= clock.now().getTime()) await identify();
      if (!isOver) stopTimer = wait();
    } catch (error) {
      if (isOver) return;
      isOver = true;
      onRefused(error);
    }
  }
}
