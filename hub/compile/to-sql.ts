import { identifier, join, render, slot, sql, table, type Sql } from '../../lake/sql.ts';
import { sequenceColumn } from '../../mapping/projection.ts';
import type { RowFetch } from './row-fetch.ts';

/** Where a query is compiled to SQL. The values come in the order in which the text numbers them. */

/**
 * Rows whose `by` columns hold one of `keyCount` keys, in the order of the primary key.
 * Values: the keys, one after the other.
 */
export function selectByKeys(fetch: RowFetch, by: readonly string[], keyCount: number): string {
  return render(
    sql`SELECT ${columnList(fetch)} FROM ${hubTable(fetch)} WHERE ${isOneOf(by, keyCount)} ORDER BY ${orderByKey(fetch)}`,
  ).text;
}

/** A page in the order of the sequence. Values: the sequence number to start after, the number of rows. */
export function selectPage(fetch: RowFetch): string {
  const sequence = identifier(sequenceColumn);
  return render(
    sql`SELECT ${columnList(fetch)} FROM ${hubTable(fetch)} WHERE ${sequence} > ${slot('after')} ORDER BY ${sequence} LIMIT ${slot('limit')}`,
  ).text;
}

/** One row when something stands at or before a place in the sequence. Values: the sequence number. */
export function selectIsAfterSomething(fetch: RowFetch): string {
  return render(
    sql`SELECT 1 FROM ${hubTable(fetch)} WHERE ${identifier(sequenceColumn)} <= ${slot('sequence')} LIMIT 1`,
  ).text;
}

export function selectCount(fetch: RowFetch): string {
  return render(sql`SELECT count(*) FROM ${hubTable(fetch)}`).text;
}

function hubTable({ projection }: RowFetch): Sql {
  return table('hub', projection.table);
}

function columnList({ columns }: RowFetch): Sql {
  if (columns.length === 0) return sql`1`;
  return join(columns.map((column) => identifier(column)), ', ');
}

function orderByKey({ projection }: RowFetch): Sql {
  return join(projection.key.map((column) => identifier(column)), ', ');
}

function isOneOf(by: readonly string[], keyCount: number): Sql {
  const slots = (key: number): readonly Sql[] => by.map((_, part) => slot(`key${key}_${part}`));
  const keys = Array.from({ length: keyCount }, (_, key) => slots(key));
  const [only] = by;
  if (by.length === 1 && only !== undefined) {
    return sql`${identifier(only)} IN (${join(keys.flat(), ', ')})`;
  }
  const columns = join(by.map((column) => identifier(column)), ', ');
  return sql`(${columns}) IN (${join(keys.map((key) => sql`(${join(key, ', ')})`), ', ')})`;
}
