import { sql, value } from '../lake/sql.ts';

/**
 * A condition that is always true. DuckDB 1.5 plans a prepared statement without parameters once, by what the table
 * held then, and gives wrong rows when it holds something else: https://github.com/duckdb/duckdb/issues/23704. One with
 * a parameter is planned anew each time, so every SELECT of changing tables here has one.
 */
export const replanned = sql`${value(true)}`;
