import { systemClock, type Clock } from '../foundation/clock.ts';
import { Distribution } from '../foundation/metrics/distribution.ts';
import type { Lane } from './pool.ts';

/** Upper bounds of statements and of waiting for them, in seconds. */
const statementSeconds = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  30,
] as const;

/** What was counted of the reads of one lane. */
export class LaneMeter {
  /** For a connection. */
  readonly waited = new Distribution(statementSeconds);
  readonly ran = new Distribution(statementSeconds);
  /** Those that were given up are among them. */
  failures = 0;
}

/** What was counted of a lake since it was opened. */
export class LakeMeter {
  readonly clock: Clock;
  readonly lanes: Readonly<Record<Lane, LaneMeter>> = {
    point: new LaneMeter(),
    scan: new LaneMeter(),
  };
  /** Statements of transactions. */
  writes = 0;
  readonly transactions = new Distribution(statementSeconds);
  rollbacks = 0;
  /** Transactions that wait for their turn, or run. */
  transactionsOpen = 0;
  readonly checkpoints = new Distribution(statementSeconds);
  checkpointsPutOff = 0;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }
}

/** How many connections of a lane are lent now, how many may be, and how many questions wait for one. */
export interface LaneUse {
  readonly active: number;
  readonly limit: number;
  readonly waiting: number;
}
