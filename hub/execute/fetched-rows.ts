import { keyText } from '../../lake/key-lookup.ts';
import type { LakeValue } from '../../lake/sql.ts';
import type { RelationFetch } from '../compile/row-fetch.ts';

/** Rows of one fetch, a list of values for each column, and what was fetched along with them. */
export interface FetchedRows {
  readonly columns: readonly (readonly LakeValue[])[];
  readonly rowCount: number;
  readonly related: ReadonlyMap<RelationFetch, RelatedRows>;
}

export interface RelatedRows {
  readonly rows: FetchedRows;
  /** Row numbers by the text of the values that they were looked up by. */
  readonly byKey: ReadonlyMap<string, readonly number[]>;
}

/** One text for the values of a key in a row; undefined when one of them is null and the key leads nowhere. */
export function rowKeyText(
  columns: FetchedRows['columns'],
  positions: readonly number[],
  row: number,
): string | undefined {
  const key = positions.map((position) => columns[position]?.[row] ?? null);
  return key.includes(null) ? undefined : keyText(key);
}
