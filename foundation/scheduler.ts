/** When something happens later, it comes through here, so that a test can let a day pass in a second. */
export interface Scheduler {
  /** Does the work once, after so many milliseconds; gives a function that calls it off. */
  after(delayMs: number, work: () => void): () => void;
}

/** Longer waits than a timer of Node can hold are cut to this; who waits looks at the clock when woken. */
const longestTimerMs = 2_147_483_647;

/** Real time. Waiting for something later does not keep the process alive. */
export const systemScheduler: Scheduler = {
  after(delayMs, work) {
    const timer = setTimeout(work, Math.min(Math.max(0, delayMs), longestTimerMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
