import type { WireType } from '../../mapping/model.ts';
import type { FigureKind } from './names.ts';
import { isNumber, isOrdered } from './value-kinds.ts';

/** Figures that are selected, compared and sorted by through the same types. */
export interface FigureShape {
  readonly kind: FigureKind;
  /** What they are called in a description. */
  readonly noun: string;
  /** The fields of an aggregate that hold such figures. */
  readonly measures: readonly { readonly name: string; readonly description: string }[];
  readonly isOf: (type: WireType) => boolean;
  /** What such a figure of a field is in an answer, `own` being the field's own type. */
  readonly outputType: (type: WireType, own: string) => string;
  /** As what such a figure is compared; undefined where it is more than one value. */
  readonly comparedAs: ((type: WireType) => WireType) | undefined;
}

const float: WireType = { kind: 'float' };
const wholeNumber: WireType = { kind: 'int' };
const decimal: WireType = { kind: 'decimal', scale: 0 };

export const figureShapes: readonly FigureShape[] = [
  {
    kind: 'DistinctCounts',
    noun: 'numbers of different values',
    measures: [
      {
        name: 'countDistinct',
        description: 'How many different values there are; a missing value is none.',
      },
    ],
    isOf: ({ kind }) => kind !== 'list',
    outputType: () => 'Int!',
    comparedAs: () => wholeNumber,
  },
  {
    kind: 'Sums',
    noun: 'sums',
    measures: [
      { name: 'sum', description: 'Sums, exact but for those of Float; null over no values.' },
    ],
    isOf: isNumber,
    outputType: (type) => (type.kind === 'float' ? 'Float' : 'Decimal'),
    comparedAs: (type) => (type.kind === 'float' ? float : decimal),
  },
  {
    kind: 'Means',
    noun: 'averages, medians or standard deviations',
    measures: [
      { name: 'avg', description: 'Averages; null over no values.' },
      {
        name: 'median',
        description:
          'Medians, between the two middle values where there are two; null over no values.',
      },
      {
        name: 'stddev',
        description: 'Standard deviations of a sample; null for fewer than two values.',
      },
    ],
    isOf: isNumber,
    outputType: () => 'Float',
    comparedAs: () => float,
  },
  {
    kind: 'Extremes',
    noun: 'first or last values',
    measures: [
      { name: 'min', description: 'First values; null over no values.' },
      { name: 'max', description: 'Last values; null over no values.' },
    ],
    isOf: isOrdered,
    outputType: (_, own) => own,
    comparedAs: (type) => type,
  },
  {
    kind: 'Quantiles',
    noun: 'quantiles',
    measures: [
      {
        name: 'quantiles',
        description:
          'Values below which these shares of all values lie, interpolated; null over no values.',
      },
    ],
    isOf: isNumber,
    outputType: () => '[Float!]',
    comparedAs: undefined,
  },
];
