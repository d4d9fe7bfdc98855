import type { SqlType } from '../mapping/model.ts';
import { identifier, join, sql, typeName, value, type LakeValue, type Sql } from '../lake/sql.ts';

export interface ValuesColumn {
  readonly name: string;
  readonly sqlType: SqlType;
}

/**
 * Some rows as a table in a statement, `(VALUES …) AS alias (columns)`. It is filled up to a power of two with its
 * last row, so that few different texts come about: harmless where rows say what other rows become.
 */
export function valuesTable(
  alias: string,
  columns: readonly ValuesColumn[],
  rows: readonly (readonly LakeValue[])[],
): Sql {
  const last = rows.at(-1) ?? [];
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, rows.length)));
  const padded = [...rows, ...Array.from({ length: size - rows.length }, () => last)];
  const tuples = padded.map((row) => {
    const cells = columns.map(
      ({ sqlType }, position) => sql`CAST(${value(row[position] ?? null)} AS ${typeName(sqlType)})`,
    );
    return sql`(${join(cells, ', ')})`;
  });
  const names = join(
    columns.map(({ name }) => identifier(name)),
    ', ',
  );
  return sql`(VALUES ${join(tuples, ', ')}) AS ${identifier(alias)} (${names})`;
}
