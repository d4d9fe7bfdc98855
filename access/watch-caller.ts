import type { Clock } from '../foundation/clock.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
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

/** Checking a signature takes a tenth of a millisecond, and thousands of streams may be open. */
const checkTokenMs = 30_000;

/**
 * Asks again who is calling while something goes on for a caller: a key may be revoked, a token expires, and its issuer
 * may withdraw the key that it is signed with. An API key is looked up every second, which costs microseconds; a token
 * is checked every half minute, and every second from the moment on at which it expires. Until then, a key set that
 * cannot be read says nothing about it.
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
    const leftMs = expiresAtMs - clock.now().getTime();
    return scheduler.after(
      Math.min(checkTokenMs, Math.max(lookAgainMs, leftMs)),
      () => void look(),
    );
  }

  async function look(): Promise<void> {
    try {
      await identify();
    } catch (error) {
      if (isOver) return;
      if (isRefused(error) || expiresAtMs <= clock.now().getTime()) {
        isOver = true;
        onRefused(error);
        return;
      }
    }
    if (!isOver) stopTimer = wait();
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof TributaryError && error.code === 'UNAUTHENTICATED';
}
