import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { DeltaCounts, DeltaOptions } from './staged-rows.ts';

/** A transaction that may also change rows of domains, with all that has to follow: projections, log, quarantine. */
export interface LedgerTransaction extends WriteTransaction {
  /** Takes staged rows over into the domain's table. What they held before and after goes into the log. */
  applyDelta(options: DeltaOptions): Promise<DeltaCounts>;
}

/** Whoever writes rows of domains. */
export interface RowWriter {
  /** One transaction in the writer's line; readers of the log hear of it after its commit. */
  write<Result>(job: (tx: LedgerTransaction) => Promise<Result>): Promise<Result>;
}
