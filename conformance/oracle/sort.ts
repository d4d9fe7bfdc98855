import { fieldOf, relationOf, type Entity } from './catalog.ts';
import { figureOf, isFigureName, isUncertain, type Figure } from './figures.ts';
import type { Given } from './matches.ts';
import { Refused, Undecided } from './undecided.ts';
import { compareValues, type Value } from './value.ts';
import { compareKeys, fieldValue, targetOf, type Row, type World } from './world.ts';

/** One thing to sort by: what it is, as a path into the `orderBy` object, and which way. */
export interface Term {
  readonly path: readonly string[];
  readonly way: string;
}

/** Rows in the order that was asked for; equal ones in the order of their key. */
export function sortRows(world: World, rows: readonly Row[], orderBy: unknown): readonly Row[] {
  const terms = termsOf(orderBy);
  const places = rows.map((row) => ({
    row,
    values: terms.map(({ path }) => sortValue(world, row, path)),
  }));
  return places
    .toSorted(
      (one, other) =>
        compareTerms(terms, one.values, other.values) || compareKeys(one.row, other.row),
    )
    .map(({ row }) => row);
}

/** What a list of `orderBy` names; what is null or empty in it is passed over. */
export function termsOf(orderBy: unknown): readonly Term[] {
  const given = (Array.isArray(orderBy) ? orderBy : [orderBy]) as readonly unknown[];
  return given.flatMap((object) => {
    const terms = termsIn(object, []);
    if (terms.length > 1) throw new Refused('Each object of orderBy names one thing');
    return terms;
  });
}

function termsIn(given: unknown, path: readonly string[]): readonly Term[] {
  if (given === null || given === undefined) return [];
  if (typeof given === 'string') return [{ path, way: given }];
  return Object.entries(given as Given).flatMap(([name, part]) => termsIn(part, [...path, name]));
}

/** What terms are sorted by: a value, or a figure with its last bits in doubt. */
export type SortValue = Pick<Figure, 'value' | 'doubt'>;

function sortValue(world: World, row: Row | undefined, path: readonly string[]): SortValue {
  const [name = '', ...rest] = path;
  if (row === undefined) return { value: null, doubt: 'none' };
  if (fieldOf(row.entity, name) !== undefined)
    return { value: fieldValue(row, name), doubt: 'none' };
  const toOne = relationOf(row.entity, name);
  if (toOne !== undefined) return sortValue(world, world.one(row, toOne), rest);
  const toMany = relationOf(row.entity, name.replace(/Aggregate$/, ''));
  if (toMany === undefined) throw new Error(`${row.entity.name} has no ${name}`);
  return measureValue(world, targetOf(toMany), world.many(row, toMany), rest);
}

/** A figure by its path in `orderBy`, such as `sum amount`. */
export function measureValue(
  world: World,
  entity: Entity,
  rows: readonly Row[],
  [name = '', ...path]: readonly string[],
): SortValue {
  if (name === 'count') return { value: rows.length, doubt: 'none' };
  if (!isFigureName(name)) throw new Error(`There is no figure ${name}`);
  return figureOf(world, entity, rows, name, path);
}

export function compareTerms(
  terms: readonly Term[],
  one: readonly SortValue[],
  other: readonly SortValue[],
): number {
  for (const [index, { way }] of terms.entries()) {
    const [left, right] = [one[index], other[index]];
    if (left === undefined || right === undefined) throw new Error('Every term has a value');
    const order = compareWithNulls(left, right, way);
    if (order !== 0) return order;
  }
  return 0;
}

function compareWithNulls(one: SortValue, other: SortValue, way: string): number {
  const missing: Value[] = [one.value, other.value].filter((value) => value === null);
  if (missing.length === 2) return 0;
  if (missing.length === 1) {
    return (one.value === null ? 1 : -1) * (way.endsWith('_NULLS_FIRST') ? -1 : 1);
  }
  if (isUncertain(one.value, other.value, one.doubt)) {
    throw new Undecided(
      `${String(one.value)} and ${String(other.value)} are too near to each other`,
    );
  }
  return compareValues(one.value, other.value) * (way.startsWith('DESC') ? -1 : 1);
}
