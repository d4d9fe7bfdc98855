import type { LakeConnection } from './lake-connection.ts';
import type { ConnectionPool } from './pool.ts';
import { runOnLoan, type ReadOptions } from './read.ts';
import type { Statement } from './sql.ts';

/** What DuckDB counts while a SELECT runs. */
export interface StatementProfile {
  /** Rows of tables that were looked at, also those that a filter then left out. */
  readonly rowsRead: number;
}

/** Runs a SELECT once more to have DuckDB count, and throws its rows away. Raises what `read` raises. */
export function profileOf(
  pool: ConnectionPool,
  statement: Statement,
  options: ReadOptions = {},
): Promise<StatementProfile> {
  return runOnLoan(pool, statement, options, async (connection: LakeConnection) =>
    readProfile(await connection.profile(statement)),
  );
}

/** The member is one that DuckDB sums up over all operators of the plan. */
function readProfile(json: string): StatementProfile {
  const profile: unknown = JSON.parse(json);
  const isKnown =
    typeof profile === 'object' && profile !== null && 'cumulative_rows_scanned' in profile;
  if (!isKnown) throw new Error('The profile of the statement does not say how many rows it read.');
  return { rowsRead: Number(profile.cumulative_rows_scanned) };
}
