import { raise } from '../../foundation/errors/tributary-error.ts';
import { entityKeys, type EntityKey } from '../../mapping/entity-keys.ts';
import type { Entity } from '../../mapping/model.ts';
import { fieldColumn } from '../../mapping/projection.ts';
import { toKeyValue } from '../../wire/to-lake-value.ts';
import type { CompiledRoot, CompiledSelection } from '../compile/compile-operation.ts';
import { inputValue } from '../compile/read-input.ts';
import type { Path } from '../shape/path.ts';
import { reportError, type ShapeContext } from '../shape/shape-context.ts';
import { keyText } from './fetched-rows.ts';
import type { HubReader } from './hub-reader.ts';
import { indexRows, runByKeys, type LakeKey } from './run-rows.ts';

type Shaped = Record<string, unknown> | null;
type Representation = Readonly<Record<string, unknown>>;

/** The representations of one type that name the same key: one statement answers them all. */
interface Batch {
  readonly entity: Entity;
  readonly key: EntityKey;
  readonly items: { readonly index: number; readonly values: LakeKey }[];
}

/** Answers a field that fetches one entity by a key; null when there is none. */
export async function runLookup(
  { form, selection }: CompiledRoot & { readonly kind: 'lookup' },
  variables: Readonly<Record<string, unknown>>,
  reader: HubReader,
  context: ShapeContext,
): Promise<Shaped> {
  const path: Path = { previous: undefined, key: form.responseKey };
  const values = form.values.map((value) => inputValue(value, variables));
  const key = lakeKey(form.entity, form.key, values);
  if (key === undefined) return null;
  const shaped: Shaped[] = [null];
  const batch: Batch = { entity: form.entity, key: form.key, items: [{ index: 0, values: key }] };
  await runBatch(batch, selection, reader, context, shaped, () => path);
  return shaped[0] ?? null;
}

/** Answers federation's `_entities`: one item for each representation, in their order. */
export async function runEntities(
  { form, selections }: CompiledRoot & { readonly kind: 'entities' },
  variables: Readonly<Record<string, unknown>>,
  reader: HubReader,
  context: ShapeContext,
): Promise<readonly Shaped[]> {
  const root: Path = { previous: undefined, key: form.responseKey };
  const pathOf = (index: number): Path => ({ previous: root, key: index });
  const given = inputValue(form.representations, variables);
  const representations: readonly unknown[] = Array.isArray(given) ? given : [given];
  const shaped: Shaped[] = representations.map(() => null);
  const batches = new Map<string, Batch>();
  representations.forEach((representation, index) => {
    try {
      addToBatch(batches, asRepresentation(representation), index, selections);
    } catch (error) {
      reportError(context, error, pathOf(index));
    }
  });
  await Promise.all(
    [...batches.values()].map(async (batch) => {
      const selection = selections.get(batch.entity.name);
      if (selection !== undefined)
        await runBatch(batch, selection, reader, context, shaped, pathOf);
    }),
  );
  return shaped;
}

function asRepresentation(value: unknown): Representation {
  return typeof value === 'object' && value !== null ? (value as Representation) : {};
}

function addToBatch(
  batches: Map<string, Batch>,
  representation: Representation,
  index: number,
  selections: ReadonlyMap<string, CompiledSelection>,
): void {
  const type = String(representation['__typename']);
  const entity = selections.get(type)?.fetch.projection.entity;
  const keys = entity === undefined ? [] : entityKeys(entity);
  const key = keys.find((fields) => fields.every((field) => representation[field] !== undefined));
  if (entity === undefined || key === undefined) {
    throw raise('REPRESENTATION_INVALID', {
      type,
      keys: keys.map((fields) => fields.join(' ')).join('; '),
    });
  }
  const values = lakeKey(
    entity,
    key,
    key.map((field) => representation[field]),
  );
  if (values === undefined) return;
  const name = `${type} ${key.join(' ')}`;
  const batch = batches.get(name) ?? { entity, key, items: [] };
  batch.items.push({ index, values });
  batches.set(name, batch);
}

async function runBatch(
  { entity, key, items }: Batch,
  { fetch, shape }: CompiledSelection,
  reader: HubReader,
  context: ShapeContext,
  shaped: Shaped[],
  pathOf: (index: number) => Path,
): Promise<void> {
  const by = key.map((field) => fieldColumn(entity, field));
  const textOf = (values: LakeKey): string | undefined =>
    keyText(
      values.map((value) => [value]),
      values.map((_, part) => part),
      0,
    );
  try {
    const distinct = new Map(items.map(({ values }) => [textOf(values), values]));
    const rows = await runByKeys(fetch, by, [...distinct.values()], reader);
    const byKey = indexRows(
      rows,
      by.map((column) => fetch.columns.indexOf(column)),
    );
    for (const { index, values } of items) {
      const [row, another] = byKey.get(textOf(values) ?? '') ?? [];
      if (another !== undefined) {
        const error = raise('KEY_NOT_UNIQUE', { entity: entity.name, key: key.join(' ') });
        reportError(context, error, pathOf(index));
      } else if (row !== undefined) {
        shaped[index] = shape(rows, row, pathOf(index), context);
      }
    }
  } catch (error) {
    for (const { index } of items) reportError(context, error, pathOf(index));
  }
}

/** The lake's values of a key; undefined when no row can have it. */
function lakeKey(entity: Entity, key: EntityKey, values: readonly unknown[]): LakeKey | undefined {
  const lakeValues = key.map((name, part) => {
    const field = entity.fields.find((candidate) => candidate.field.name === name)?.field;
    return field && toKeyValue(values[part], field.sqlType);
  });
  return lakeValues.every((value) => value !== undefined && value !== null)
    ? lakeValues
    : undefined;
}
