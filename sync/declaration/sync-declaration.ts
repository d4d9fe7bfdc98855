import type { SourceLocation } from '../../foundation/errors/tributary-error.ts';
import type { SqlType } from '../../mapping/model.ts';

/** What the `sync.yaml` of a domain says, checked against the model of the lake. */
export interface SyncDeclaration {
  readonly domain: string;
  readonly file: string;
  readonly tables: readonly TableSync[];
}

/** How one table of the lake is kept up to date. */
export interface TableSync {
  readonly domain: string;
  /** As the mapping spells it. */
  readonly table: string;
  readonly source: SyncSource;
  /** Undefined where the source comes by itself. */
  readonly schedule: Schedule | undefined;
  /** When a full snapshot is taken instead of a delta. */
  readonly reconcile: Schedule | undefined;
  /** The columns of the lake that are written, the key among them. */
  readonly columns: readonly SyncedColumn[];
  /** The key's columns, in the order of the entity's key. */
  readonly key: readonly string[];
  readonly watermark: Watermark | undefined;
  readonly tombstone: Tombstone | undefined;
  readonly rules: readonly Rule[];
  /** More bad rows than this stop a run before anything is taken over. */
  readonly threshold: Limit;
  /** A snapshot that would remove more rows than this is refused. */
  readonly removals: Limit;
  readonly objectiveMs: number | undefined;
  readonly location: SourceLocation;
}

export type SyncSource =
  | ({ readonly kind: 'folder' } & FolderSource)
  | ({ readonly kind: 'http' } & HttpSource)
  | ({ readonly kind: 'postgres' } & PostgresSource)
  | { readonly kind: 'push' };

export interface FolderSource {
  /** Absolute. */
  readonly path: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  /** With `*` for any characters. */
  readonly pattern: string;
  readonly csv: CsvForm;
  /** Every file is all that there is; else only those whose name says so. */
  readonly isSnapshot: boolean;
}

export interface CsvForm {
  readonly delimiter: string;
  readonly quote: string;
  readonly encoding: 'utf-8' | 'latin-1' | 'utf-16';
}

export interface HttpSource {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The query parameter that says since when rows are wanted. */
  readonly since: string | undefined;
  readonly page: Paging;
  /** Path to the list of rows; empty where the answer is the list. */
  readonly rows: readonly string[];
  readonly timeoutMs: number;
}

export type Paging =
  | { readonly kind: 'none' }
  | { readonly kind: 'link' }
  | (PageSize & {
      readonly kind: 'cursor';
      readonly parameter: string;
      readonly nextCursor: readonly string[];
    })
  | (PageSize & { readonly kind: 'number'; readonly parameter: string; readonly first: number });

interface PageSize {
  readonly size: number | undefined;
  readonly sizeParameter: string;
}

export interface PostgresSource {
  /** With the password: never to be shown. */
  readonly url: string;
  /** Schema and table, or the table alone. */
  readonly table: readonly string[];
  readonly timeoutMs: number;
}

export interface Schedule {
  /** Five fields. */
  readonly cron: string;
  /** IANA. */
  readonly timeZone: string;
}

/** How a value of the source becomes one of the lake. */
export interface SyncedColumn {
  /** Of the lake. */
  readonly name: string;
  readonly sqlType: SqlType;
  /** Of the source. */
  readonly from: string;
  /** Whether the source has to have it. */
  readonly isExpected: boolean;
  readonly trim: boolean;
  /** Texts that mean that there is no value. */
  readonly nullIf: readonly string[];
  /** Texts of the source and what they are in the lake; others stay as they are. */
  readonly map: readonly (readonly [from: string, to: string])[];
  /** Stands in where there is no value. */
  readonly fallback: string | undefined;
}

export interface Watermark {
  /** Of the source. */
  readonly column: string;
  readonly type: 'timestamp' | 'integer';
  /** How far before the last watermark reading begins: microseconds, or steps of the counter. */
  readonly overlap: bigint;
}

export interface Tombstone {
  /** Of the source. */
  readonly column: string;
  /** Texts that say that the row is gone; undefined: any value does. */
  readonly equals: readonly string[] | undefined;
}

/** A rule for the values of a column, by its name in messages. */
export type Rule = { readonly name: string; readonly column: string } & RuleKind;

export type RuleKind =
  | { readonly kind: 'notNull' }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | {
      readonly kind: 'range';
      readonly min: string | number | undefined;
      readonly max: string | number | undefined;
    }
  | { readonly kind: 'in'; readonly values: readonly string[] }
  | { readonly kind: 'unique' }
  /** The identity that the column has to name. */
  | {
      readonly kind: 'reference';
      readonly entity: string;
      readonly domain: string;
      readonly table: string;
      readonly identityColumn: string;
      /** The mapping says so too: then a row waits for the identity instead of being bad. */
      readonly isRelation: boolean;
    };

export type Limit =
  | { readonly kind: 'share'; readonly percent: number }
  | { readonly kind: 'rows'; readonly rows: number };

/** How many of so many rows a limit allows. */
export function allowedOf(limit: Limit, rows: number): number {
  return limit.kind === 'rows' ? limit.rows : (rows * limit.percent) / 100;
}

export function describeLimit(limit: Limit): string {
  return limit.kind === 'rows' ? String(limit.rows) : `${limit.percent}%`;
}
