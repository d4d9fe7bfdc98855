/** Time comes in from outside, so that a test can choose it. */
export interface Clock {
  /** The wall clock: for time stamps that people and other systems read. It may jump. */
  now(): Date;
  /** Milliseconds since an arbitrary start; it never goes back, so durations are measured with it. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
