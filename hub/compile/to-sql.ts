import { KeyLookup } from '../../lake/key-lookup.ts';
import { identifier, join, sql, table, value, type Sql } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';
import { sequenceColumn, type Projection } from '../../mapping/projection.ts';
import type { RowFetch } from './row-fetch.ts';

/** Where a query is compiled to SQL. The values come in the order in which the text numbers them. */

const alias = 't';

/** The look-up of rows by keys in the `by` columns; rows that share a key come in the order of the primary key. */
export function lookupBy(fetch: RowFetch, by: readonly string[]): KeyLookup {
  const { projection, columns } = fetch;
  const isUnique = by.join('\0') === projection.key.join('\0');
  return new KeyLookup({
    select: sql`SELECT ${columnList(fetch)} FROM ${hubTable(fetch)} AS ${identifier(alias)}`,
    alias,
    columns: by.map((name) => ({
      name,
      sqlType: columnType(projection, name),
      position: columns.indexOf(name),
    })),
    orderBy: isUnique ? [] : projection.key,
    isUnique,
  });
}

/** Numbers of a sequence: those after the one, up to and with the other. */
export interface SequenceWindow {
  readonly after: bigint;
  readonly until: bigint;
}

/**
 * Rows whose numbers lie in a window of the sequence, the number in the last column. DuckDB skips what lies outside,
 * where an open end makes it read the whole column (1,000,000 rows: 2 CPU ms against 30).
 * They come in no order, which is cheaper to bring about outside.
 */
export function windowSql(fetch: RowFetch, { after, until }: SequenceWindow): Sql {
  const sequence = identifier(sequenceColumn);
  return sql`SELECT ${numberedColumns(fetch)} FROM ${hubTable(fetch)} WHERE ${sequence} > ${value(after)} AND ${sequence} <= ${value(until)}`;
}

/** The next rows of the sequence, however far off. */
export function openWindowSql(fetch: RowFetch, after: bigint, limit: number): Sql {
  const sequence = identifier(sequenceColumn);
  return sql`SELECT ${numberedColumns(fetch)} FROM ${hubTable(fetch)} WHERE ${sequence} > ${value(after)} ORDER BY ${sequence} LIMIT ${value(BigInt(limit))}`;
}

function numberedColumns({ columns }: RowFetch): Sql {
  return join(
    [...columns, sequenceColumn].map((column) => identifier(column)),
    ', ',
  );
}

function hubTable({ projection }: RowFetch): Sql {
  return table('hub', projection.table);
}

function columnList({ columns }: RowFetch): Sql {
  if (columns.length === 0) return sql`1`;
  return join(
    columns.map((column) => identifier(column)),
    ', ',
  );
}

function columnType({ columns }: Projection, name: string): SqlType {
  const column = columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw new Error(`The projection has no column ${name}`);
  return column.sqlType;
}
