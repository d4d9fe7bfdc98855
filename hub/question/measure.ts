import type { OwnedRelation } from '../../mapping/model.ts';
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

/** The way to the neighbours whose values must not be taken once a row; none where that changes nothing. */
export function neighbourOf(measure: Measure): readonly OwnedRelation[] {
  switch (measure.kind) {
    case 'count':
    case 'countDistinct':
    case 'min':
    case 'max':
      return [];
    case 'sum':
    case 'avg':
    case 'median':
    case 'stddev':
    case 'quantile':
      return measure.of.via;
  }
}
