import { raise } from '../../foundation/errors/tributary-error.ts';
import { keyText, type RowKey } from '../../lake/key-lookup.ts';
import type { Entity } from '../../mapping/model.ts';
import { leadKey } from '../../wire/lead-key.ts';
import { toKeyValue } from '../../wire/to-lake-value.ts';
import type { CompiledRoot, CompiledSelection, KeyedLookup } from '../compile/compile-operation.ts';
import { inputValue } from '../compile/read-input.ts';
import type { Path } from '../shape/path.ts';
import { reportError } from '../shape/shape-context.ts';
import type { RunContext } from './run-context.ts';
import { runByKeys } from './run-rows.ts';

type Shaped = Record<string, unknown> | null;
type Representation = Readonly<Record<string, unknown>>;

/** Representations of one type that name the same key: one statement finds them all. */
interface Batch extends KeyedLookup {
  readonly selection: CompiledSelection;
  readonly items: { readonly index: number; readonly values: RowKey }[];
}

/** Answers a field that fetches one entity by a key; null when there is none. */
export async function runLookup(
  { form, selection }: CompiledRoot & { readonly kind: 'lookup' },
  context: RunContext,
): Promise<Shaped> {
  const path: Path = { previous: undefined, key: form.responseKey };
  const { name } = form.entity;
  const representation: Record<string, unknown> = { __typename: name };
  try {
    form.key.forEach((field, part) => {
      const value = form.values[part];
      representation[field] = value && (inputValue(value, context.variables) ?? null);
    });
  } catch (error) {
    reportError(context.shape, error, path);
    return null;
  }
  const selections = new Map([[name, selection]]);
  const [found] = await findAll([representation], selections, context, () => path);
  return found ?? null;
}

/** Answers federation's `_entities`: one item for each representation, in their order. */
export async function runEntities(
  { form, selections }: CompiledRoot & { readonly kind: 'entities' },
  context: RunContext,
): Promise<readonly Shaped[]> {
  const root: Path = { previous: undefined, key: form.responseKey };
  const given = inputValue(form.representations, context.variables);
  const representations = (Array.isArray(given) ? given : [given]).map(asRepresentation);
  const pathOf = (index: number): Path => ({ previous: root, key: index });
  return findAll(representations, selections, context, pathOf);
}

function asRepresentation(value: unknown): Representation {
  return typeof value === 'object' && value !== null ? (value as Representation) : {};
}

async function findAll(
  representations: readonly Representation[],
  selections: ReadonlyMap<string, CompiledSelection>,
  context: RunContext,
  pathOf: (index: number) => Path,
): Promise<readonly Shaped[]> {
  const shaped: Shaped[] = representations.map(() => null);
  const batches = new Map<KeyedLookup, Batch>();
  representations.forEach((representation, index) => {
    try {
      addToBatch(batches, representation, index, selections, context);
    } catch (error) {
      reportError(context.shape, error, pathOf(index));
    }
  });
  await Promise.all([...batches.values()].map((batch) => runBatch(batch, context, shaped, pathOf)));
  return shaped;
}

function addToBatch(
  batches: Map<KeyedLookup, Batch>,
  representation: Representation,
  index: number,
  selections: ReadonlyMap<string, CompiledSelection>,
  { redirects }: RunContext,
): void {
  const type = String(representation['__typename']);
  const selection = selections.get(type);
  const keyed = selection?.lookups.find(({ key }) =>
    key.every((field) => representation[field] !== undefined),
  );
  if (selection === undefined || keyed === undefined) {
    const keys = (selection?.lookups ?? []).map(({ key }) => key.join(' ')).join('; ');
    throw raise('REPRESENTATION_INVALID', { type, keys });
  }
  const { entity } = selection.fetch.projection;
  const asked = lakeKey(entity, keyed, representation);
  if (asked === undefined) return;
  const values = isPrimary(entity, keyed)
    ? leadKey(
        redirects,
        entity.name,
        asked,
        entity.keyFields.map(({ sqlType }) => sqlType),
      )
    : asked;
  const batch = batches.get(keyed) ?? { ...keyed, selection, items: [] };
  batch.items.push({ index, values });
  batches.set(keyed, batch);
}

async function runBatch(
  { selection, key, lookup, items }: Batch,
  context: RunContext,
  shaped: Shaped[],
  pathOf: (index: number) => Path,
): Promise<void> {
  const { fetch, shape } = selection;
  try {
    const distinct = new Map(items.map(({ values }) => [keyText(values), values]));
    const { rows, byKey } = await runByKeys(fetch, lookup, [...distinct.values()], context);
    for (const { index, values } of items) {
      const [row, another] = byKey.get(keyText(values)) ?? [];
      if (another !== undefined) {
        const entity = fetch.projection.entity.name;
        const error = raise('KEY_NOT_UNIQUE', { entity, key: key.join(' ') });
        reportError(context.shape, error, pathOf(index));
      } else if (row !== undefined) {
        shaped[index] = shape(rows, row, pathOf(index), context.shape);
      }
    }
  } catch (error) {
    for (const { index } of items) reportError(context.shape, error, pathOf(index));
  }
}

/** Only primary keys lead on from an entity that was merged into another. */
function isPrimary({ keyFields }: Entity, { key }: KeyedLookup): boolean {
  return keyFields.length === key.length && keyFields.every(({ name }) => key.includes(name));
}

/** The lake's values of a key; undefined when no row can have it. */
function lakeKey(
  entity: Entity,
  { key }: KeyedLookup,
  representation: Representation,
): RowKey | undefined {
  const values = key.map((name) => {
    const field = entity.fields.find((candidate) => candidate.field.name === name)?.field;
    return field && toKeyValue(representation[name], field.sqlType);
  });
  return values.every((value) => value !== undefined && value !== null) ? values : undefined;
}
