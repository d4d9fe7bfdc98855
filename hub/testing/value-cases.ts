/** A field, the values that its rows have, as an answer writes them, and what it is compared with besides these. */
export interface ValueCase {
  readonly field: string;
  readonly type: string;
  readonly sqlType: string;
  readonly values: readonly (string | number | boolean | null)[];
  readonly others: readonly (string | number | boolean)[];
  /** The order of the values; none for those that have no operators of order. */
  readonly compare?: (a: never, b: never) => number;
  /** Whether it is looked into, and equal to nothing but itself. */
  readonly isText?: boolean;
}

const byCodePoint = (a: string, b: string): number => {
  const left = Array.from(a, (character) => character.codePointAt(0) ?? 0);
  const right = Array.from(b, (character) => character.codePointAt(0) ?? 0);
  const position = left.findIndex((point, index) => point !== right[index]);
  if (position === -1) return left.length - right.length;
  return (left[position] ?? 0) - (right[position] ?? -1);
};
const byNumber = (a: number, b: number): number => a - b;
/** At most six digits behind the point. */
const millionths = (text: string | number): bigint => {
  const [whole = '', fraction = ''] = String(text).split('.');
  return BigInt(`${whole}${fraction.padEnd(6, '0')}`);
};
const byExactNumber = (a: string | number, b: string | number): number => {
  const difference = millionths(a) - millionths(b);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
};
const byTime = (a: string, b: string): number => Date.parse(a) - Date.parse(b);

/** Texts that SQL, patterns and drivers would stumble over. */
export const hostileTexts: readonly string[] = [
  "'; DROP TABLE hub.thing; --",
  `" OR 1=1 --`,
  '%',
  '_',
  '\\',
  '$1',
  '${x}',
  '\0',
  `'' "" \u0000 ; --`,
];

export const valueCases: readonly ValueCase[] = [
  {
    field: 'text',
    type: 'String',
    sqlType: 'VARCHAR',
    values: ['', 'Ann', 'ann', 'Änne', 'z', 'Z', '100%', '\uffff', '😀', null, ...hostileTexts],
    others: ['A', 'nn', '😁', 'ZZZ'],
    compare: byCodePoint,
    isText: true,
  },
  {
    field: 'whole',
    type: 'Int',
    sqlType: 'INTEGER',
    values: [0, -1, 7, 10, 2_147_483_647, -2_147_483_648, null],
    others: [5],
    compare: byNumber,
  },
  {
    field: 'big',
    type: 'BigInt',
    sqlType: 'BIGINT',
    values: ['0', '9007199254740993', '9007199254740992', '-9223372036854775808', null],
    others: ['9007199254740994', '9223372036854775807'],
    compare: byExactNumber,
  },
  {
    field: 'real',
    type: 'Float',
    sqlType: 'DOUBLE',
    values: [0, -0.5, 0.1, 1e300, 2 ** 60, null],
    others: [0.100_000_000_000_000_02, 5e-324, -1e308],
    compare: byNumber,
  },
  {
    field: 'measured',
    type: 'Float',
    sqlType: 'BIGINT',
    values: [0, -7, 7, 9_007_199_254_740_994, null],
    others: [0.5, -6.5, 1e300, -1e300],
    compare: byNumber,
  },
  {
    field: 'exact',
    type: 'Decimal',
    sqlType: 'DECIMAL(10,2)',
    values: ['0', '10.01', '10', '-10.01', '99999999.99', '-99999999.99', null],
    others: [
      '10.005',
      '-10.005',
      '10.010000',
      '100000000',
      '-99999999.995',
      '0.000001',
      '123456789012345678',
    ],
    compare: byExactNumber,
  },
  {
    field: 'large',
    type: 'Decimal',
    sqlType: 'DECIMAL(38,0)',
    values: ['0', '12345678901234567890123456789012345678', '-1', null],
    others: ['12345678901234567890123456789012345677.5', '99999999999999999999999999999999999999'],
    compare: byExactNumber,
  },
  {
    field: 'isActive',
    type: 'Boolean',
    sqlType: 'BOOLEAN',
    values: [true, false, null],
    others: [],
  },
  {
    field: 'at',
    type: 'DateTime',
    sqlType: 'TIMESTAMPTZ',
    values: [
      '2024-03-31T00:59:59.999Z',
      '2024-03-31T01:00:00Z',
      '0001-01-01T00:00:00Z',
      '9999-12-31T23:59:59Z',
      null,
    ],
    others: ['2024-03-31T03:00:00+02:00', '2024-03-30T20:00:00-05:00'],
    compare: byTime,
  },
  {
    field: 'day',
    type: 'Date',
    sqlType: 'DATE',
    values: ['2024-02-29', '1969-12-31', '0001-01-01', '9999-12-31', null],
    others: ['2024-03-01'],
    compare: byTime,
  },
  {
    field: 'tier',
    type: 'Tier',
    sqlType: 'VARCHAR',
    values: ['GOLD', 'SILVER', 'A_TIER_THAT_THERE_IS_NOT', null],
    others: ['BRONZE'],
  },
  {
    field: 'number',
    type: 'ID',
    sqlType: 'BIGINT',
    values: ['7', '10', '-7', '9007199254740993', null],
    others: ['007', '1', 'x', '', '9'],
    compare: byCodePoint,
    isText: true,
  },
  {
    field: 'share',
    type: 'String',
    sqlType: 'DECIMAL(2,2)',
    values: ['0.05', '-0.05', '0.50', '0.00', null],
    others: ['.05', '0.5', '0.', ''],
    compare: byCodePoint,
    isText: true,
  },
  {
    field: 'stamp',
    type: 'String',
    sqlType: 'TIMESTAMPTZ',
    values: [
      '2024-03-31T01:00:00Z',
      '2024-03-31T01:00:00.120Z',
      '1969-12-31T23:59:59.999999Z',
      null,
    ],
    others: ['2024-03-31T03:00:00+02:00', 'T01', '.120'],
    compare: byCodePoint,
    isText: true,
  },
  {
    field: 'flag',
    type: 'String',
    sqlType: 'BOOLEAN',
    values: ['true', 'false', null],
    others: ['TRUE', 'e'],
    compare: byCodePoint,
    isText: true,
  },
];
