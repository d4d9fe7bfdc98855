import { join, sql, type Sql } from '../../lake/sql.ts';

/** `WHERE` all of these, with a space before it; nothing where there are none. */
export function whereSql(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`` : sql` WHERE ${join(conditions, ' AND ')}`;
}
