import { literal, slot, sql, type LakeValue, type Sql } from '../../lake/sql.ts';
import type { GroupKey, TimeBucket } from '../question/grouping.ts';

/**
 * What the rows of a group have in common under a key: the column itself, or what stands for its bucket.
 *
 * Only ICU knows time zones, and asking it is by far the most of what a bucket costs (1,000,000 rows: 330 CPU ms for
 * each time that a row asks it, 35 for a bucket without). So UTC goes without it, and in a zone the bucket of a row is
 * that of its clock: `bucketStartSql` makes a moment of it, once a group instead of once a row.
 */
export function bucketSql({ path, bucket, timeZone }: GroupKey, column: Sql): Sql {
  if (bucket === undefined) return column;
  if (path.source.field.sqlType.kind === 'DATE')
    return sql`CAST(${truncated(bucket, column)} AS DATE)`;
  if (isUtc(timeZone)) {
    // An infinite time has no microseconds, but is there.
    const moment = truncated(bucket, sql`make_timestamp(epoch_us(${column}))`);
    return sql`coalesce(${moment}, CAST(${column} AS TIMESTAMP))`;
  }
  const clock = clockSql(column, timeZone);
  if (bucket !== 'HOUR') return truncated(bucket, clock);
  // An hour that a clock shows twice is two hours.
  return sql`{'clock': ${truncated(bucket, clock)}, 'ahead': epoch_us(${clock}) - epoch_us(${column})}`;
}

/** The moment or the day at which a bucket begins. */
export function bucketStartSql({ path, bucket, timeZone }: GroupKey, made: Sql): Sql {
  const isStart = bucket === undefined || path.source.field.sqlType.kind === 'DATE';
  if (isStart || isUtc(timeZone)) return made;
  if (bucket === 'HOUR') return hourStartSql(made, timeZone);
  const start = sql`(${made} AT TIME ZONE ${zoneSlot(timeZone)})`;
  // Where clocks are set back over midnight, a day begins twice, and ICU knows the second time only.
  const hourBefore = sql`(${start} - INTERVAL 1 HOUR)`;
  return sql`CASE WHEN ${clockSql(hourBefore, timeZone)} = ${made} THEN ${hourBefore} ELSE ${start} END`;
}

/** The values of the slots in the SQL of these keys. Of one slot DuckDB sees that it need not ask ICU twice. */
export function zoneSlots(keys: readonly GroupKey[]): Readonly<Record<string, LakeValue>> {
  return Object.fromEntries(
    keys.flatMap(({ timeZone }) => (isUtc(timeZone) ? [] : [[slotName(timeZone), timeZone]])),
  );
}

/**
 * When the clock showed the full hour, or when it was set within the hour: in Pacific/Chatham, 02:45 becomes 03:45, and
 * that hour begins with its last quarter.
 */
function hourStartSql(made: Sql, timeZone: string): Sql {
  const clock = sql`struct_extract(${made}, 'clock')`;
  const ahead = sql`struct_extract(${made}, 'ahead')`;
  const fullHour = sql`(${clock} - to_microseconds(${ahead}))`;
  const minutes = sql`generate_series(${fullHour}, ${fullHour} + INTERVAL 1 HOUR, INTERVAL 1 MINUTE)`;
  const isSet = sql`epoch_us(${clockSql(asMoment(sql`m`), timeZone)}) - epoch_us(m) = ${ahead}`;
  const whenSet = sql`coalesce(list_min(list_filter(${minutes}, lambda m: ${isSet})), ${fullHour})`;
  return sql`CASE WHEN ${ahead} IS NULL THEN ${clock} WHEN ${clockSql(asMoment(fullHour), timeZone)} = ${clock} THEN ${fullHour} ELSE ${whenSet} END`;
}

function isUtc(timeZone: string | undefined): timeZone is undefined | 'UTC' {
  return timeZone === undefined || timeZone === 'UTC';
}

function truncated(bucket: TimeBucket, clock: Sql): Sql {
  return sql`date_trunc(${literal(bucket.toLowerCase())}, ${clock})`;
}

/** What clocks show at a moment. */
function clockSql(moment: Sql, timeZone: string): Sql {
  return sql`(${moment} AT TIME ZONE ${zoneSlot(timeZone)})`;
}

function asMoment(clockOfUtc: Sql): Sql {
  return sql`(${clockOfUtc} AT TIME ZONE 'UTC')`;
}

function zoneSlot(timeZone: string): Sql {
  return slot(slotName(timeZone));
}

function slotName(timeZone: string): string {
  return `time zone ${timeZone}`;
}
