import { sequenceColumn } from '../mapping/projection.ts';
import type { LakeConnection } from './lake-connection.ts';
import { identifier, literal, sql, toStatement, type LakeValue, type Sql } from './sql.ts';

export { sequenceColumn };

/** The sequence that numbers a table's rows. */
export function sequenceOf(schema: string, table: string): Sql {
  return identifier(schema, sequenceName(table));
}

/** The next number, as an expression; also what the column defaults to. */
export function nextNumber(schema: string, table: string): Sql {
  return sql`nextval(${literal(`"${schema}"."${sequenceName(table)}"`)})`;
}

/** Numbers for rows that come in together. */
export async function nextNumbers(
  connection: LakeConnection,
  schema: string,
  table: string,
  count: number,
): Promise<readonly LakeValue[]> {
  const numbers = await connection.query(
    toStatement(sql`SELECT ${nextNumber(schema, table)} FROM range(${literal(count)})`),
  );
  return numbers.columns[0] ?? [];
}

/**
 * `nextval` reads a path in which a quote cannot be escaped, so the name keeps to plain characters. Two tables that
 * share a sequence by it still have numbers that are unique in each.
 */
function sequenceName(table: string): string {
  return `${table.replaceAll(/\W/gu, '_')}_seq`;
}
