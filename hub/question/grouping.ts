import type { Condition } from './condition.ts';
import type { FieldPath } from './field-path.ts';
import type { Measure } from './measure.ts';

export type TimeBucket = 'YEAR' | 'QUARTER' | 'MONTH' | 'WEEK' | 'DAY' | 'HOUR';

/** What the rows of one group have in common. */
export interface GroupKey {
  readonly path: FieldPath;
  readonly bucket: TimeBucket | undefined;
  /** An IANA name; undefined for dates, which have no zone, and without a bucket. */
  readonly timeZone: string | undefined;
}

export interface GroupQuestion {
  readonly where: Condition;
  /** None: all rows are one group, also when there are none. */
  readonly keys: readonly GroupKey[];
  readonly having: Condition;
  readonly order: readonly GroupOrderTerm[];
  /** Undefined when nobody set one. */
  readonly limit: number | undefined;
  readonly offset: number;
}

export interface GroupOrderTerm {
  readonly by:
    | { readonly kind: 'measure'; readonly measure: Measure }
    /** Counts in `keys`. */
    | { readonly kind: 'key'; readonly position: number };
  readonly isDescending: boolean;
  readonly hasNullsFirst: boolean;
}
