import type { SqlType } from '../../mapping/model.ts';
import { measureType } from './measure-type.ts';
import type { OrderKey } from './order.ts';

/** The type of the values by which rows are put in order. */
export function orderKeyType(key: OrderKey): SqlType {
  switch (key.kind) {
    case 'sequence':
      return { kind: 'BIGINT' };
    case 'field':
      return key.sqlType;
    case 'rank':
      return { kind: 'DOUBLE' };
    case 'measure':
      return measureType(key.measure).sqlType;
  }
}
