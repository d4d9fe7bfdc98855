import type { FieldPath } from './field-path.ts';

/** A figure of a group of rows. Values of a relation's other end count once in a group, however many rows lead there. */
export type Measure =
  | { readonly kind: 'count' }
  | { readonly kind: FieldMeasureKind; readonly of: FieldPath }
  | { readonly kind: 'quantile'; readonly of: FieldPath; readonly at: number };

export type FieldMeasureKind =
  | 'countDistinct'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'median'
  | 'stddev';
