import { formatSqlType } from '../../mapping/sql-type.ts';
import type { FieldPath } from './field-path.ts';
import type { Measure } from './measure.ts';
import type { Order, OrderKey } from './order.ts';

/** An order as plain data that is equal for equal orders, from one start of the program to the next. */
export function describeOrder(order: Order): readonly unknown[] {
  return order.map(({ by, isDescending, hasNullsFirst }) => [
    describeOrderKey(by),
    isDescending,
    hasNullsFirst,
  ]);
}

export function describeOrderKey(key: OrderKey): readonly unknown[] {
  switch (key.kind) {
    case 'sequence':
      return [key.kind];
    case 'field':
      return [key.kind, describePath(key.path), formatSqlType(key.sqlType)];
    case 'rank':
      return [key.kind, key.search.words, key.search.fields.map(describePath)];
    case 'measure': {
      const via = key.via.map(({ relation }) => relation.name);
      return [key.kind, via, key.relation.relation.name, ...describeMeasure(key.measure)];
    }
  }
}

function describeMeasure(measure: Measure): readonly unknown[] {
  switch (measure.kind) {
    case 'count':
      return [measure.kind];
    case 'quantile':
      return [measure.kind, describePath(measure.of), measure.at];
    default:
      return [
        measure.kind,
        describePath(measure.of),
        formatSqlType(measure.of.source.field.sqlType),
      ];
  }
}

function describePath({ via, entity, source }: FieldPath): string {
  return [...via.map(({ relation }) => relation.name), entity.name, source.field.name].join('.');
}
