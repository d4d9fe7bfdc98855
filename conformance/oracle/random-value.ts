import fc from 'fast-check';
import type { Argument } from './argument.ts';
import type { Field, Kind } from './catalog.ts';
import * as pools from './pools.ts';
import { json, value } from './random-argument.ts';

interface Written {
  readonly literal: string;
  readonly json: unknown;
}

const names: Readonly<Record<Exclude<Kind, 'enum' | 'list'>, string>> = {
  id: 'ID',
  string: 'String',
  int: 'Int',
  float: 'Float',
  boolean: 'Boolean',
  bigInt: 'BigInt',
  decimal: 'Decimal',
  date: 'Date',
  dateTime: 'DateTime',
};

/** The part of the names of conditions and ranges that says what they are of: `Decimal`, `StringList`. */
export function titleOf({ kind, enumName }: Pick<Field, 'kind' | 'enumName'>): string {
  if (kind === 'enum') return enumName;
  return kind === 'list' ? 'StringList' : names[kind];
}

export function inputTypeOf({ kind, enumName }: Pick<Field, 'kind' | 'enumName'>): string {
  if (kind === 'enum') return `${enumName}Input`;
  return kind === 'list' ? '[String!]' : names[kind];
}

/** A value to compare a field with; mostly one that rows have. `bang` is that of the place's type. */
export function operand(field: Field, bang: '' | '!' = ''): fc.Arbitrary<Argument> {
  return value(`${inputTypeOf(field)}${bang}`, writtenOf(field));
}

/** A text to look for inside of texts. */
export function partOfText(type: 'ID' | 'String'): fc.Arbitrary<Argument> {
  return value(type, fc.oneof(textPart, text).map(json));
}

function writtenOf(field: Field): fc.Arbitrary<Written> {
  switch (field.kind) {
    case 'id':
      return id;
    case 'string':
      return fc.oneof({ weight: 5, arbitrary: text }, { weight: 1, arbitrary: textPart }).map(json);
    case 'int':
      return fc
        .oneof(fc.constantFrom(...present(pools.wholes)), fc.integer({ min: -3, max: 15 }))
        .map(json);
    case 'float':
      return fc
        .oneof(
          fc.constantFrom(...present(pools.scores)),
          fc.constantFrom(0.1, 1e9, 1e300, -1e-300, 2.000_000_1),
        )
        .map(json);
    case 'boolean':
      return fc.boolean().map(json);
    case 'bigInt':
      return fc
        .tuple(fc.oneof(fc.constantFrom(...present(pools.bigWholes)), wholeText), fc.boolean())
        .map(([digits, isBare]) => numeric(digits, isBare));
    case 'decimal':
      return fc.tuple(decimal, fc.boolean()).map(([digits, isBare]) => numeric(digits, isBare));
    case 'date':
      return fc.oneof(fc.constantFrom(...pools.days), day).map(json);
    case 'dateTime':
      return moment.map(json);
    case 'enum':
      return fc.constantFrom(...field.enumValues).map((each) => ({ literal: each, json: each }));
    case 'list':
      return fc.constantFrom(...present(pools.tagLists)).map((items) => ({
        literal: JSON.stringify(items),
        json: items,
      }));
  }
}

function present<Item>(items: readonly (Item | null)[]): readonly Item[] {
  return items.filter((item) => item !== null);
}

const allTexts = [
  ...new Set([...pools.names, ...present(pools.texts), 'DE1', 'duck', 'Äpfel', 'a\0']),
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...allTexts) },
  { weight: 1, arbitrary: fc.constantFrom(...allTexts).map((each) => each.toUpperCase()) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 4 }) },
);

const textPart = fc
  .tuple(fc.constantFrom(...allTexts), fc.nat({ max: 6 }), fc.integer({ min: 0, max: 3 }))
  .map(([whole, from, length]) =>
    Array.from(whole)
      .slice(from, from + length)
      .join(''),
  );

const id = fc
  .oneof(
    { weight: 6, arbitrary: fc.constantFrom(...pools.customerIds, 'K1', 'K2', 'I1', 'I10', 'I2') },
    { weight: 2, arbitrary: fc.constantFrom(...pools.products.map(([product]) => product)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'nobody', '007', '1.0', ' 1', '99999999999999999999'),
    },
  )
  .chain((each) =>
    // GraphQL takes a whole number for an id as well.
    /^(0|-?[1-9]\d{0,8})$/.test(each)
      ? fc.constantFrom(json(each), { literal: each, json: Number(each) })
      : fc.constant(json(each)),
  );

const wholeText = fc.integer({ min: -5, max: 50 }).map(String);

const decimal = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...decimalPool()) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '10.005',
      '12.4999999999',
      '12.500000',
      '-0.0',
      '1e4',
      '1.25E1',
      '99999999999999999999999999',
      '-99999999999999999999999999.5',
      '1e-90',
      '1e50',
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: -20, max: 120 }).map(String) },
);

function decimalPool(): readonly string[] {
  const all = [...pools.worths, ...pools.amounts, ...pools.discounts, ...pools.prices];
  return [...new Set(present(all)), pools.largestWorth];
}

/** A number of any size: bare or as a text in the question, in JSON as a number only where that keeps it. */
function numeric(digits: string, isBare: boolean): Written {
  const isShort = /^-?\d{1,9}(\.\d{1,3})?$/.test(digits);
  return {
    literal: isBare ? digits : JSON.stringify(digits),
    json: isBare && isShort ? Number(digits) : digits,
  };
}

const day = fc
  .integer({ min: 0, max: 3 * 366 })
  .map((days) => new Date(Date.UTC(2022, 0, 1 + days)).toISOString().slice(0, 10));

const moment = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...pools.moments) },
  { weight: 1, arbitrary: day.map((each) => `${each}T12:00:00Z`) },
  {
    weight: 1,
    // The same moment on other clocks.
    arbitrary: fc
      .constantFrom(...pools.moments.filter((each) => !each.includes('.')))
      .map((each) => {
        const shown = new Date(Date.parse(each) + (5 * 60 + 45) * 60_000).toISOString();
        return `${shown.slice(0, 19).toLowerCase()}+05:45`;
      }),
  },
);
