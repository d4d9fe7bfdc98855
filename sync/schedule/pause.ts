import type { Scheduler } from '../../foundation/scheduler.ts';

/** Waits for so long; rejects with the signal's reason when that comes first. */
export function pause(scheduler: Scheduler, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const stop = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = scheduler.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Does some work with a signal that also aborts after so long. */
export async function within<Result>(
  scheduler: Scheduler,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal.reason);
  const cancel = scheduler.after(ms, () =>
    controller.abort(new Error(`it took longer than ${ms} ms`)),
  );
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await work(controller.signal);
  } catch (error) {
    // Whoever gives up says less about why than who made it.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}
