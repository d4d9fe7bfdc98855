import { createHash } from 'node:crypto';
import type { Random } from '../../oracle/random.ts';
import type { RandomField, Required } from './random-field.ts';
import type { RandomGraph } from './random-graph.ts';
import { rootScalars, type ContextualField } from './random-contexts.ts';
import { fieldsOf } from './subgraph-sdl.ts';

/** One object of the world, whole. */
export interface RandomRow {
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** By the name of a reference. */
  readonly references: Map<string, RowReference>;
}

export type RowReference = RandomRow | null | readonly (RandomRow | null)[];

export interface RandomWorld {
  readonly rows: readonly RandomRow[];
  readonly roots: ReadonlyMap<string, RowReference>;
  /** Of the root. */
  readonly scalars: ReadonlyMap<string, unknown>;
}

const rowsOfType = 3;

export function randomWorld(graph: RandomGraph, random: Random): RandomWorld {
  const rows = [...graph.types.values()].flatMap(({ name, kind }) =>
    kind === 'interface object'
      ? []
      : Array.from({ length: rowsOfType }, (_, index) => randomRow(graph, name, index, random)),
  );
  const choose = (target: string, isList: boolean): RowReference => {
    const names = graph.abstracts.get(target)?.members ?? [target];
    const candidates = rows.filter(({ type }) => names.includes(type));
    const one = (): RandomRow | null => (random.isTrue(0.15) ? null : random.pick(candidates));
    return isList && !random.isTrue(0.1) ? Array.from({ length: random.below(4) }, one) : one2();
    function one2(): RandomRow | null {
      return isList ? null : one();
    }
  };
  for (const { type, references } of rows) {
    for (const field of fieldsOf(graph, type)) {
      if (field.kind === 'reference')
        references.set(field.name, choose(field.target, field.isList));
      if (field.kind === 'contextual' && field.target !== undefined)
        references.set(field.name, choose(field.target, false));
    }
  }
  const roots = graph.roots.map(
    ({ name, target, isList }) => [name, choose(target, isList)] as const,
  );
  const scalars = graph.subgraphs.flatMap((subgraph) =>
    rootScalars(graph, subgraph).map(
      ([name, type]) => [name, type === 'Int' ? name.length : name] as const,
    ),
  );
  return { rows, roots: new Map(roots), scalars: new Map(scalars) };
}

function randomRow(graph: RandomGraph, type: string, index: number, random: Random): RandomRow {
  const values: Record<string, unknown> = {
    id: `${type}-${index}`,
    code: `${type}c${index}`,
    x: `${type}x${index % 2}`,
    y: Math.floor(index / 2),
  };
  for (const field of fieldsOf(graph, type)) {
    if (field.kind !== 'scalar') continue;
    const isNull = !field.type.endsWith('!') && random.isTrue(0.2);
    const number = random.below(100);
    const value = field.type.startsWith('Int') ? number : `${field.name}-${number}`;
    values[field.name] = isNull ? null : value;
  }
  return { type, values, references: new Map() };
}

/** What a computed field is, of what it was given: any difference in what it requires is seen. */
export function compute(
  { name, requires }: RandomField & { readonly kind: 'computed' },
  given: unknown,
  row: RandomRow,
): string {
  const text = textOf(given, requires, row);
  const digest = createHash('sha1').update(text).digest('hex');
  return `${name}(${text.length <= 80 ? text : `${text.slice(0, 60)}#${digest}`})`;
}

/** @param reference the rows that were given of, which know their types where a representation does not say them */
function textOf(given: unknown, requires: readonly Required[], reference: RowReference): string {
  if (given === undefined) return 'MISSING';
  if (given === null || reference === null) return JSON.stringify(given);
  if (isList(reference)) {
    const items = Array.isArray(given) ? (given as readonly unknown[]) : [];
    return `[${reference.map((row, index) => textOf(items[index], requires, row)).join(' ')}]`;
  }
  const fields = given as Readonly<Record<string, unknown>>;
  return requires
    .filter(({ on }) => on === undefined || on === reference.type)
    .map(({ field, below }) => {
      const value = fields[field];
      if (value === undefined) return `${field}=MISSING`;
      if (below === undefined) return `${field}=${JSON.stringify(value)}`;
      return `${field}={${textOf(value, below, reference.references.get(field) ?? null)}}`;
    })
    .join(' ');
}

/** What a field says that was given something out of the context. */
export function tell(
  { name, requires }: ContextualField,
  row: RandomRow,
  given: unknown,
  required: unknown,
): string {
  const argument = given === undefined ? 'MISSING' : JSON.stringify(given);
  return `${name}(${String(row.values['id'])}: ${argument} ${textOf(required, requires, row)})`;
}

/** What a row gives of a context that it has. */
export function contextOf(graph: RandomGraph, row: RandomRow, { field, below }: Required): unknown {
  const value = valueOf(graph, row, field);
  const [inside] = below ?? [];
  if (inside === undefined || value === null) return value ?? null;
  return contextOf(graph, value as RandomRow, inside);
}

/** The value of a field of a row, where everything is at hand. */
export function valueOf(graph: RandomGraph, row: RandomRow, name: string): unknown {
  const field = fieldsOf(graph, row.type).find((candidate) => candidate.name === name);
  if (field?.kind === 'computed')
    return compute(field, requiredOf(graph, row, field.requires), row);
  if (field?.kind === 'reference' || field?.kind === 'contextual')
    return row.references.get(name) ?? null;
  return row.values[name];
}

function requiredOf(
  graph: RandomGraph,
  row: RandomRow,
  requires: readonly Required[],
): Readonly<Record<string, unknown>> {
  const fitting = requires.filter(({ on }) => on === undefined || on === row.type);
  return Object.fromEntries(
    fitting.map(({ field, below }) => {
      const value = valueOf(graph, row, field);
      if (below === undefined) return [field, value];
      const inside = (item: RandomRow | null) => item && requiredOf(graph, item, below);
      const reference = value as RowReference;
      return [field, isList(reference) ? reference.map(inside) : inside(reference)];
    }),
  );
}

export function isList(reference: RowReference): reference is readonly (RandomRow | null)[] {
  return Array.isArray(reference);
}
