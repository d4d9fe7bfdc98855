import type { Cancellation } from './cancellation.ts';
import type { LakeConnection } from './lake-connection.ts';

/** An interrupt that comes before the query has reached a thread does nothing, so it is repeated until the query ends. */
const repeatMs = 10;

/**
 * Runs work on a connection and interrupts it when it is cancelled; rejects with the reason then.
 *
 * An interrupted stream may end without an error, as if it were complete: hence the reason also when the work
 * itself succeeds.
 */
export async function interruptible<Result>(
  connection: LakeConnection,
  cancellation: Cancellation,
  work: () => Promise<Result>,
): Promise<Result> {
  cancellation.throwIfCancelled();
  let repeat: NodeJS.Timeout | undefined;
  const stopWatching = cancellation.onCancel(() => {
    repeat = interruptRepeatedly(connection);
  });
  try {
    const result = await work();
    cancellation.throwIfCancelled();
    return result;
  } catch (error) {
    throw cancellation.reason ?? error;
  } finally {
    stopWatching();
    clearInterval(repeat);
  }
}

/** Interrupts now and again until the timer is cleared. */
export function interruptRepeatedly(connection: LakeConnection): NodeJS.Timeout {
  connection.interrupt();
  return setInterval(() => connection.interrupt(), repeatMs);
}
