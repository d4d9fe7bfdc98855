import type { Entity, OwnedRelation, SqlType } from '../../mapping/model.ts';
import type { FieldPath } from './field-path.ts';
import type { Measure } from './measure.ts';
import type { Search } from './search.ts';

/** A complete order of rows, the most important term first; its last terms tell any two rows apart. */
export type Order = readonly OrderTerm[];

export interface OrderTerm {
  readonly by: OrderKey;
  readonly isDescending: boolean;
  readonly hasNullsFirst: boolean;
}

export type OrderKey =
  /** The number of the entity in the order in which entities came; the default order of lists. */
  | { readonly kind: 'sequence' }
  /** `sqlType` is that as which values are compared: somebody who sorts by texts means texts, whatever the column. */
  | { readonly kind: 'field'; readonly path: FieldPath; readonly sqlType: SqlType }
  /** How well the row matches what was searched for. */
  | { readonly kind: 'rank'; readonly search: Search }
  /** A figure of the rows that are related to the row at the end of `via`. */
  | {
      readonly kind: 'measure';
      readonly via: readonly OwnedRelation[];
      readonly relation: OwnedRelation;
      readonly target: Entity;
      readonly measure: Measure;
    };
