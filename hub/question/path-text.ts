import type { FieldPath } from './field-path.ts';
import type { Measure } from './measure.ts';

/** A path as a person would write it: `customer.salesRep`. Paths from the same entity are the same if their texts are. */
export function pathText({ via, source }: FieldPath): string {
  return [...via.map(({ relation }) => relation.name), source.field.name].join('.');
}

/** The same for the same figure of the same entity: `sum customer.accountValue`. */
export function measureText(measure: Measure): string {
  switch (measure.kind) {
    case 'count':
      return 'count';
    case 'quantile':
      return `quantile ${measure.at} ${pathText(measure.of)}`;
    default:
      return `${measure.kind} ${pathText(measure.of)}`;
  }
}
