import { keyText, type RowKey } from '../../lake/key-lookup.ts';
import type { LakeValue } from '../../lake/sql.ts';
import type { JsonText } from '../../wire/json-text.ts';
import type { RelationFetch } from '../compile/row-fetch.ts';
import type { Path } from '../shape/path.ts';

/** Rows of one fetch, a list of values for each column, and what was fetched along with them. */
export interface FetchedRows {
  readonly columns: readonly (readonly LakeValue[])[];
  readonly rowCount: number;
  readonly related: ReadonlyMap<RelationFetch, Related>;
}

/** What was fetched along with rows, by the text of the values that it was looked up by. */
export type Related =
  | {
      readonly kind: 'rows';
      readonly rows: FetchedRows;
      /** Row numbers. */
      readonly byKey: ReadonlyMap<string, readonly number[]>;
    }
  | { readonly kind: 'page'; readonly byKey: ReadonlyMap<string, FetchedPage> }
  | {
      readonly kind: 'aggregate';
      readonly ofKey: (key: RowKey, path: Path) => Record<string, unknown>;
    }
  /** Only what was asked of this relation failed; the rows themselves are there. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** A page of a list: some of the rows that were fetched, in their order. */
export interface FetchedPage {
  readonly rows: FetchedRows;
  readonly rowNumbers: readonly number[];
  /** The nodes, where the lake wrote them. */
  readonly nodes?: JsonText | undefined;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly totalCount: number;
  readonly cursorOf: (row: number) => string;
  /** Null when nothing is searched for. */
  readonly rankOf: (row: number) => number | null;
}

/** The values of a key in a row; undefined when one of them is null and the key leads nowhere. */
export function rowKey(
  columns: FetchedRows['columns'],
  positions: readonly number[],
  row: number,
): RowKey | undefined {
  const key = positions.map((position) => columns[position]?.[row] ?? null);
  return key.includes(null) ? undefined : key;
}

/** One text for the values of a key in a row. */
export function rowKeyText(
  columns: FetchedRows['columns'],
  positions: readonly number[],
  row: number,
): string | undefined {
  const key = rowKey(columns, positions, row);
  return key && keyText(key);
}
