import type { SqlType, WireType } from '../../mapping/model.ts';
import { comparedType } from './compared-type.ts';
import type { Measure } from './measure.ts';

/** What a figure is in the lake and in an answer. */
export interface MeasureType {
  readonly sqlType: SqlType;
  readonly wireType: WireType;
}

/** The most digits that a sum of decimals or of whole numbers can have; DuckDB adds them up in 128 bits. */
const sumPrecision = 38;

/** The types of a figure, as `measureSql` makes it. */
export function measureType(measure: Measure): MeasureType {
  switch (measure.kind) {
    case 'count':
    case 'countDistinct':
      return { sqlType: { kind: 'BIGINT' }, wireType: { kind: 'int' } };
    case 'avg':
    case 'median':
    case 'stddev':
    case 'quantile':
      return { sqlType: { kind: 'DOUBLE' }, wireType: { kind: 'float' } };
    case 'sum':
      return sumType(measure.of.source.field);
    case 'min':
    case 'max': {
      const { field } = measure.of.source;
      return { sqlType: comparedType(field), wireType: field.wireType };
    }
  }
}

/** Whole numbers and decimals stay exact; what is a Float to a caller is one in sum as well, whatever its column. */
function sumType({ sqlType, wireType }: MeasureType): MeasureType {
  if (wireType.kind === 'float' || sqlType.kind === 'DOUBLE')
    return { sqlType: { kind: 'DOUBLE' }, wireType: { kind: 'float' } };
  const scale = sqlType.kind === 'DECIMAL' ? sqlType.scale : 0;
  return {
    sqlType: { kind: 'DECIMAL', precision: sumPrecision, scale },
    wireType: { kind: 'decimal', scale },
  };
}
