import { identifier, type Sql } from '../lake/sql.ts';
import type { DeltaOptions } from './staged-rows.ts';
import type { TablePart } from './table-part.ts';

/** A delta under way. */
export interface Delta extends DeltaOptions {
  readonly target: TablePart;
  /** Of the temporary table of decisions. */
  readonly name: string;
}

/**
 * What becomes of a key: `touch` only makes the row count as newer; `gone` is removed already; `waiting` names an
 * entity that does not exist; `merged` has lost its place to the row of the entity that it was merged into.
 */
export const deltaActions = [
  'insert',
  'update',
  'delete',
  'touch',
  'same',
  'gone',
  'stale',
  'waiting',
  'merged',
] as const;

export type DeltaAction = (typeof deltaActions)[number];
export type ActionCounts = Readonly<Record<DeltaAction, number>>;

export function deltaTable({ name }: Pick<Delta, 'name'>): Sql {
  return identifier('temp', 'main', name);
}
