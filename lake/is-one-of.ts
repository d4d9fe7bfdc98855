import { join, sql, type Sql } from './sql.ts';

/** Up to here it costs no more to compare one value after the other than to look it up in a table of them. */
export const longestCompared = 8;

/** Whether each of many texts is one of some others; null where it is null itself. None of the others may be null. */
export function isOneOf(tested: Sql, values: readonly Sql[]): Sql {
  const listed = join(values, ', ');
  return values.length > longestCompared
    ? sql`${tested} IN (SELECT unnest([${listed}]))`
    : sql`${tested} IN (${listed})`;
}
