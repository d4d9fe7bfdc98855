import type { LakeModel } from '../mapping/model.ts';
import type { Projection } from '../mapping/projection.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { ChangedRows } from './changed-rows.ts';
import type { LogDraft } from './log-draft.ts';
import type { Redirects } from './redirects.ts';
import type { DeltaCounts, DeltaOptions } from './staged-rows.ts';

/** What the statements of one transaction need to know beyond the lake. */
export interface LedgerContext {
  readonly draft: LogDraft;
  /** Told of every row of a projection that changes. */
  readonly changed: ChangedRows;
  readonly redirects: Redirects;
  /** The model that is written by: the newest. */
  readonly model: LakeModel;
  /** The entity's projections that any graph in service reads, of this model and of the one before it. */
  readonly projectionsOf: (entity: string) => readonly Projection[];
  /** Another name each time, for a temporary table that is dropped with the end of the transaction. */
  readonly temporaryName: () => string;
  /** Whether rows may wait for entities; told when some do. */
  readonly waiting: { mayBe: boolean };
  /** Rows that waited are deltas as well. */
  readonly applyDelta: (tx: WriteTransaction, options: DeltaOptions) => Promise<DeltaCounts>;
}
