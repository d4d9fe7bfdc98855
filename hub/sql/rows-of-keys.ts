import { keyCondition, type RowKey } from '../../lake/key-condition.ts';
import type { Sql } from '../../lake/sql.ts';
import type { Projection } from '../../mapping/projection.ts';
import type { Projections } from './projections.ts';
import { Source } from './source.ts';

export interface KeyedRows {
  /** Columns that hold a key. */
  readonly by: readonly string[];
  /** At least one, all distinct. */
  readonly keys: readonly RowKey[];
  readonly projection: Projection;
  readonly projections: Projections;
}

interface RowsOfKeys {
  readonly source: Source;
  /** What the rows of the source have to be like to be those of the keys. */
  readonly conditions: readonly Sql[];
}

/** With more keys than this a scan of the table is no dearer than the index. */
const mostKeysOfIndex = 1_024;

/**
 * The rows that hold one of these keys. DuckDB gives up the index as soon as another condition stands beside the keys
 * (3,000,000 rows, 64 keys: 4 CPU ms without, 90 with one), so where there will be others the rows come first.
 */
export function rowsOfKeys(
  { by, keys, projection, projections }: KeyedRows,
  { isFiltered }: { readonly isFiltered: boolean },
): RowsOfKeys {
  const source = Source.of(projection, projections);
  const columns = by.map((name) => {
    const sqlType = projection.columns.find((column) => column.name === name)?.sqlType;
    if (sqlType === undefined) throw new Error(`The projection has no column ${name}`);
    return { column: source.column(name), sqlType };
  });
  const isOfKeys = keyCondition(columns, keys);
  return isFiltered && keys.length <= mostKeysOfIndex
    ? { source: source.foundFirst(isOfKeys), conditions: [] }
    : { source, conditions: [isOfKeys] };
}
