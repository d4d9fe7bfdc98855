/** What an operator may choose about events, and the limits that callers meet. */
export interface EventSettings {
  /** Deliveries to one subscriber that are under way at once, each of another entity. */
  readonly maxInFlight: number;
  /** Events that are looked at ahead of the first one that is not done; the rest waits in the log. */
  readonly windowSize: number;
  /** The longest that positions stand in memory alone. */
  readonly saveAfterMs: number;
  /** For one attempt, from the connection to the end of the answer. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** Before the second attempt; then `retryFactor` times as long before each, up to `retryMaxMs`. */
  readonly retryBaseMs: number;
  readonly retryFactor: number;
  readonly retryMaxMs: number;
  /** The longest that a Retry-After is waited for. */
  readonly retryAfterMaxMs: number;
  /** Failed attempts after which an event is a dead letter, if others arrive. */
  readonly maxAttempts: number;
  /** The same for an event that the subscriber refuses by a 4xx. */
  readonly maxRefusals: number;
  /** Failed attempts in a row after which nothing is believed to get through. */
  readonly failingAfter: number;
  /** How long a subscriber that nothing gets through to is tried. */
  readonly giveUpAfterMs: number;
  /** How long `stop` waits for deliveries that are under way. */
  readonly stopAfterMs: number;
  readonly vetoWindowMs: number;
  readonly maxVetoWindowMs: number;
  /** Whether webhooks may lead to hosts inside one's own network. */
  readonly allowPrivateHosts: boolean;
  readonly maxSubscribers: number;
  /** Entities that are read at once for a snapshot. */
  readonly snapshotPageSize: number;
}

export const defaultEventSettings: EventSettings = {
  maxInFlight: 8,
  windowSize: 1_000,
  saveAfterMs: 250,
  timeoutMs: 10_000,
  maxAnswerBytes: 65_536,
  retryBaseMs: 1_000,
  retryFactor: 2,
  retryMaxMs: 300_000,
  retryAfterMaxMs: 3_600_000,
  maxAttempts: 8,
  maxRefusals: 3,
  failingAfter: 3,
  giveUpAfterMs: 3 * 86_400_000,
  stopAfterMs: 2_000,
  vetoWindowMs: 60_000,
  maxVetoWindowMs: 86_400_000,
  allowPrivateHosts: true,
  maxSubscribers: 1_000,
  snapshotPageSize: 1_000,
};
