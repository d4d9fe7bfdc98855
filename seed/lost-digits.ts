import { raise } from '../foundation/errors/tributary-error.ts';
import { identifier, join, literal, sql, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { ColumnDefinition, SqlType, TableDefinition } from '../mapping/model.ts';
import { formatSqlType } from '../mapping/sql-type.ts';
import { reportingCorruption } from './seed-file-error.ts';
import type { SeedFile } from './seed-files.ts';
import { seedRows, type SeedColumns } from './seed-rows.ts';

/**
 * Refuses a number with more digits than its column keeps, which DuckDB would round without a word. Parquet has
 * numbers of its own, not the text of one, and is taken as it is.
 * @throws SEED_FILE_CORRUPT
 */
export async function refuseLostDigits(
  tx: WriteTransaction,
  definition: TableDefinition,
  file: SeedFile,
  inFile: SeedColumns,
  columns: readonly ColumnDefinition[],
): Promise<void> {
  const exact = columns.filter(({ sqlType }) => scaleOf(sqlType) !== undefined);
  if (file.format === 'parquet' || exact.length === 0) return;
  const asText = exact.map((column) => ({ ...column, sqlType: { kind: 'VARCHAR' } as const }));
  const rows = seedRows(file, inFile, asText);
  const lossy = exact.map(({ name, sqlType }) => losesDigits(identifier(name), sqlType));
  const found = await reportingCorruption(definition, file, () =>
    tx.read(
      sql`SELECT ${join(
        exact.map(({ name }) => identifier(name)),
        ', ',
      )} FROM ${rows} WHERE ${join(lossy, ' OR ')} LIMIT 1`,
    ),
  );
  if (found.rowCount === 0) return;
  const [worst] = exact.flatMap(({ name, sqlType }, position) => {
    const value = String(found.columns[position]?.[0]);
    const isLossy = new RegExp(patternOf(sqlType)).test(value);
    return isLossy
      ? [`${value} in ${name} has more digits than ${formatSqlType(sqlType)} keeps`]
      : [];
  });
  throw raise(
    'SEED_FILE_CORRUPT',
    {
      table: `${definition.schema}.${definition.name}`,
      problem: `${worst ?? 'a number is too long'}.`,
    },
    { at: { file: file.path } },
  );
}

/** Digits after the point that a column keeps; undefined for types that are not exact numbers. */
function scaleOf(type: SqlType): number | undefined {
  if (type.kind === 'DECIMAL') return type.scale;
  return type.kind === 'INTEGER' || type.kind === 'BIGINT' ? 0 : undefined;
}

function losesDigits(value: Sql, type: SqlType): Sql {
  return sql`regexp_matches(${value}, ${literal(patternOf(type))})`;
}

/** A digit other than 0 behind the last place that the column has. */
function patternOf(type: SqlType): string {
  return `\\.[0-9]{${scaleOf(type) ?? 0}}[0-9]*[1-9]`;
}
