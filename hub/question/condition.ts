import type { LakeValue } from '../../lake/sql.ts';
import type { Entity, OwnedRelation } from '../../mapping/model.ts';
import type { FieldPath } from './field-path.ts';
import type { Measure } from './measure.ts';

/**
 * What rows have to be like. It holds for a row or it does not: there is no third outcome, a test of a missing value
 * does not hold, and `not` is the exact opposite.
 */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | { readonly kind: 'all'; readonly of: readonly Condition[] }
  | { readonly kind: 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'test'; readonly operand: Operand; readonly test: Test }
  /** At least one row at the other end of the relation, to one or to many, is like this. */
  | {
      readonly kind: 'related';
      readonly relation: OwnedRelation;
      readonly target: Entity;
      readonly condition: Condition;
    }
  /** Figures of the related rows that are like `where`; the operands in `having` are measures of these rows. */
  | {
      readonly kind: 'measured';
      readonly relation: OwnedRelation;
      readonly target: Entity;
      readonly where: Condition;
      readonly having: Condition;
    };

export type Operand =
  | { readonly kind: 'field'; readonly path: FieldPath }
  | { readonly kind: 'measure'; readonly measure: Measure };

export type Comparison = 'eq' | 'lt' | 'lte' | 'gt' | 'gte';

/**
 * Values are ready to be bound: to be equal to, those of the operand's column; to stand before or after, those of its
 * `comparedType`, as whose texts are also looked into.
 */
export type Test =
  | { readonly kind: 'isNull' }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly value: LakeValue;
    }
  | { readonly kind: 'in'; readonly values: readonly LakeValue[] }
  | {
      readonly kind: 'text';
      readonly operator: 'eq' | 'contains' | 'startsWith' | 'endsWith';
      readonly value: string;
      readonly ignoresCase: boolean;
    }
  /** Of a list; an item, here or there, may be null. */
  | {
      readonly kind: 'items';
      readonly operator: 'hasEvery' | 'hasSome' | 'eq';
      readonly values: readonly LakeValue[];
    }
  | { readonly kind: 'isEmpty' };

export const always: Condition = { kind: 'always' };
export const never: Condition = { kind: 'never' };
