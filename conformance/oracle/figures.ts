import { fieldOf, relationOf, type Entity, type Field, type Kind } from './catalog.ts';
import { compareValues, decimalText, identityOf, wholeDecimal, type Value } from './value.ts';
import { fieldValue, targetOf, type Row, type World } from './world.ts';

const figureNames = ['countDistinct', 'sum', 'avg', 'median', 'stddev', 'min', 'max'] as const;

export type FigureName = (typeof figureNames)[number];

/**
 * How far two programs may differ in a figure: not at all; in the last bits of what is not equal; or in the last bits
 * even of what is, where it depends on the order in which floating point numbers are added.
 */
export type Doubt = 'none' | 'of neighbours' | 'always';

export interface Figure {
  readonly kind: Kind;
  readonly scale: number;
  readonly value: Value;
  readonly doubt: Doubt;
}

export function isFigureName(name: string): name is FigureName {
  return figureNames.some((each) => each === name);
}

/** A figure of a field: of these rows, or of their neighbours when relations lead the path. */
export function figureOf(
  world: World,
  entity: Entity,
  rows: readonly Row[],
  name: FigureName,
  path: readonly string[],
): Figure {
  const { field, values } = valuesAt(world, entity, rows, path);
  switch (name) {
    case 'countDistinct':
      return exact('int', new Set(values.map(identityOf)).size);
    case 'sum':
      return sumOf(field, values);
    case 'avg':
      return floating(values.length === 0 ? null : meanOf(field, values));
    case 'median':
      return floating(quantileOf(field, values, 0.5));
    case 'stddev':
      return { ...floating(deviationOf(field, values)), doubt: 'always' };
    case 'min':
      return { ...exact(field.kind, extremeOf(values, -1)), scale: field.scale };
    case 'max':
      return { ...exact(field.kind, extremeOf(values, 1)), scale: field.scale };
  }
}

export function quantilesOf(
  world: World,
  entity: Entity,
  rows: readonly Row[],
  shares: readonly number[],
  path: readonly string[],
): readonly number[] | null {
  const { field, values } = valuesAt(world, entity, rows, path);
  if (values.length === 0) return null;
  return shares.map((share) => quantileOf(field, values, share) ?? 0);
}

/** The values that are there. A neighbour counts once, however many of the rows lead to it. */
function valuesAt(
  world: World,
  entity: Entity,
  rows: readonly Row[],
  path: readonly string[],
): { readonly field: Field; readonly values: readonly NonNullable<Value>[] } {
  const [name = '', ...rest] = path;
  const relation = relationOf(entity, name);
  if (relation !== undefined) {
    const neighbours = rows
      .map((row) => world.one(row, relation))
      .filter((row) => row !== undefined);
    const distinct = [...new Map(neighbours.map((row) => [row.key, row])).values()];
    return valuesAt(world, targetOf(relation), distinct, rest);
  }
  const field = fieldOf(entity, name);
  if (field === undefined) throw new Error(`${entity.name} has no ${name}`);
  const values = rows.map((row) => fieldValue(row, name)).filter((value) => value !== null);
  return { field, values };
}

function sumOf({ kind, scale }: Field, values: readonly Value[]): Figure {
  if (kind === 'float') {
    const numbers = values.map(Number);
    const total = numbers.reduce((sum, number) => sum + number, 0);
    return {
      kind,
      scale: 0,
      value: values.length === 0 ? null : total,
      doubt: numbers.every(isDyadic) ? 'none' : 'always',
    };
  }
  const total = values.reduce((sum: bigint, value) => sum + decimalUnits(kind, value), 0n);
  return { kind: 'decimal', scale, value: values.length === 0 ? null : total, doubt: 'none' };
}

function decimalUnits(kind: Kind, value: Value): bigint {
  if (typeof value === 'bigint') return kind === 'decimal' ? value : wholeDecimal(value);
  return wholeDecimal(Number(value));
}

/** Sums of such numbers are exact, in whatever order they are added. */
function isDyadic(number: number): boolean {
  return Number.isInteger(number * 1_024) && Math.abs(number) < 2 ** 32;
}

function meanOf(field: Field, values: readonly Value[]): number {
  const { value, scale } = sumOf(field, values);
  const total = typeof value === 'bigint' ? Number(decimalText(value, scale)) : Number(value);
  return total / values.length;
}

/** Between the two values next to the place, in proportion. */
function quantileOf(field: Field, values: readonly Value[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.map((value) => floatOf(field, value)).toSorted((one, other) => one - other);
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? 0;
  return below + (above - below) * (place - Math.floor(place));
}

/** Counted from the first value: then equal values deviate by nothing at all, as they should. */
function deviationOf(field: Field, values: readonly Value[]): number | null {
  if (values.length < 2) return null;
  const [first = 0, ...others] = values.map((value) => floatOf(field, value));
  const distances = [0, ...others.map((other) => other - first)];
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  const squares = distances.map((distance) => (distance - mean) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / (squares.length - 1));
}

function floatOf({ kind, scale }: Field, value: Value): number {
  return typeof value === 'bigint' && kind === 'decimal'
    ? Number(decimalText(value, scale))
    : Number(value);
}

function extremeOf(values: readonly Value[], sign: 1 | -1): Value {
  const [first = null, ...rest] = values;
  return rest.reduce(
    (best, value) => (compareValues(value, best) * sign > 0 ? value : best),
    first,
  );
}

function exact(kind: Kind, value: Value): Figure {
  return { kind, scale: 0, value, doubt: 'none' };
}

function floating(value: number | null): Figure {
  return { kind: 'float', scale: 0, value, doubt: 'of neighbours' };
}

/** Whether two programs may come to different conclusions about which of two figures is the greater. */
export function isUncertain(one: Value, other: Value, doubt: Doubt): boolean {
  if (doubt === 'none' || typeof one !== 'number' || typeof other !== 'number') return false;
  if (one === other) return doubt === 'always' && one !== 0;
  const size = Math.max(Math.abs(one), Math.abs(other));
  return Math.abs(one - other) <= size * (doubt === 'always' ? 1e-9 : 1e-13);
}
