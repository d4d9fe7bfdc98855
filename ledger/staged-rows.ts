import type { Sql } from '../lake/sql.ts';
import type { LakeModel } from '../mapping/model.ts';
import type { Origin } from './identity-command.ts';

/**
 * Rows of one table of a domain that wait to be taken over, in a temporary table of the writer's connection.
 *
 * The temporary table has the columns of the domain's table that `columns` names (of the lake's types, cast already),
 * and these:
 *
 * - `_row BIGINT`: unique; of rows with one key and equal watermarks the highest wins.
 * - `_watermark BIGINT`: how new the row is in its source, in microseconds since 1970 or as a counter; null where the
 *   source has none.
 * - `_deleted BOOLEAN`: the row is gone there; only its key columns count.
 */
export interface StagedRows {
  readonly table: Sql;
  readonly columns: readonly string[];
}

export interface DeltaOptions {
  readonly model: LakeModel;
  readonly domain: string;
  /** The lake's table. */
  readonly tableName: string;
  readonly staged: StagedRows;
  readonly origin: Origin;
  /** The id of the run, for rows that go to quarantine. */
  readonly run?: string | undefined;
  /** The rows are all there are: whatever the lake has besides is removed. */
  readonly isSnapshot?: boolean | undefined;
}

/** Rows by what became of them; each staged key counts once. */
export interface DeltaCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly waiting: number;
  readonly merged: number;
}
