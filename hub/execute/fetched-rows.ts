import type { RelationFetch } from '../compile/row-fetch.ts';

/** Rows of one fetch, a list of values for each column, and what was fetched along with them. */
export interface FetchedRows {
  readonly columns: readonly (readonly unknown[])[];
  readonly rowCount: number;
  readonly related: ReadonlyMap<RelationFetch, RelatedRows>;
}

export interface RelatedRows {
  readonly rows: FetchedRows;
  /** Row numbers by the text of the values that they were looked up by. */
  readonly byKey: ReadonlyMap<string, readonly number[]>;
}

/** One text for the values of a key in a row; undefined when one of them is null and the key leads nowhere. */
export function keyText(
  columns: readonly (readonly unknown[])[],
  positions: readonly number[],
  row: number,
): string | undefined {
  const [first] = positions;
  if (positions.length === 1 && first !== undefined) {
    const value = columns[first]?.[row];
    return value === null || value === undefined ? undefined : String(value);
  }
  const values = positions.map((position) => columns[position]?.[row]);
  if (values.some((value) => value === null || value === undefined)) return undefined;
  return JSON.stringify(values.map(String));
}
