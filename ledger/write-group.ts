import type { KeyRows } from '../lake/projection-upkeep.ts';
import { projectionTable } from '../lake/projection-sql.ts';
import { nextNumber, sequenceColumn } from '../lake/row-numbers.ts';
import { identifier, join, sql, table, value, type LakeValue, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { fieldColumn } from '../mapping/projection.ts';
import type { RowTexts } from './change.ts';
import { appendToProjection } from './append-to-projection.ts';
import { addToProjection, entitiesEnd } from './entity-life.ts';
import { GroupState, type EntityState } from './group-state.ts';
import { valueOf, type IdentityField, type IdentityShape } from './identity-shape.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { Moment } from './log-draft.ts';
import { matchValueOf } from './match-value.ts';
import { mergeRows } from './merge-rows.ts';
import { releaseWaiting } from './release-waiting.ts';
import { valuesTable, type ValuesColumn } from './values-table.ts';

/** An entity that is another one than before the group. */
interface Difference {
  readonly before: EntityState | undefined;
  readonly after: EntityState;
}

type Row = EntityState & { readonly row: RowTexts };

/** A statement is not made for more rows than this. */
const largestStatement = 512;

/**
 * Writes what a group of commands did: for each entity the difference between what it was before all of them and
 * what it is after all of them, with a few statements for all entities of a type.
 */
export async function writeGroup(
  tx: WriteTransaction,
  state: GroupState,
  shapes: ReadonlyMap<string, IdentityShape>,
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const changed = state.changed();
  await context.draft.flush(tx);
  await writeHeads(tx, changed);
  for (const shape of shapes.values()) {
    const own = changed.filter(({ after }) => after.entity === shape.entity.name);
    if (own.length > 0) await writeEntities(tx, shape, own, moment, context);
  }
}

async function writeEntities(
  tx: WriteTransaction,
  shape: IdentityShape,
  differences: readonly Difference[],
  moment: Moment,
  context: LedgerContext,
): Promise<void> {
  const { entity } = shape;
  for (const { after } of differences) context.changed.addOne(entity, entity.identity, after.key);
  const had = ({ before }: Difference): boolean => (before?.row ?? null) !== null;
  const begun = differences.filter((one) => !had(one) && one.after.row !== null);
  const updated = differences.filter((one) => had(one) && one.after.row !== null);
  const merged = differences.filter((one) => had(one) && one.after.mergedInto !== undefined);
  const ended = differences.filter(
    (one) => had(one) && one.after.row === null && one.after.mergedInto === undefined,
  );
  // What is said to be merged without ever having been here may still have rows that wait for it.
  const aliases = differences.filter((one) => !had(one) && one.after.mergedInto !== undefined);
  await writeMatches(tx, shape, differences);
  if (updated.length > 0) await updateIdentities(tx, shape, updated, context);
  if (begun.length > 0) await insertIdentities(tx, shape, begun, context);
  for (const { after } of [...merged, ...aliases])
    await mergeRows(tx, shape.entity, after.key, after.mergedInto ?? '', moment, context);
  const gone = [...ended, ...merged];
  if (gone.length > 0) await entitiesEnd(tx, shape.entity, keyRows(shape, gone), moment, context);
}

async function insertIdentities(
  tx: WriteTransaction,
  shape: IdentityShape,
  begun: readonly Difference[],
  context: LedgerContext,
): Promise<void> {
  const rows = begun.map(({ after }) => after as Row);
  const counted = await tx.read(
    sql`SELECT ${nextNumber(shape.schema, shape.table)} FROM range(${value(rows.length)})`,
  );
  const numbers = counted.columns[0] ?? [];
  await tx.append(shape.schema, shape.table, {
    columnNames: [sequenceColumn, ...shape.fields.map(({ column }) => column)],
    columns: [numbers, ...shape.fields.map((field) => rows.map(({ row }) => cell(field, row)))],
  });
  const keys = keyRows(shape, begun);
  for (const projection of context.projectionsOf(shape.entity.name)) {
    const entities = { numbers, rows: rows.map(({ row }) => row) };
    const isDone = await appendToProjection(tx, projection, shape, entities);
    if (!isDone) await addToProjection(tx, projection, keys);
  }
  await releaseWaiting(tx, shape.entity, keys, context);
}

async function updateIdentities(
  tx: WriteTransaction,
  shape: IdentityShape,
  updated: readonly Difference[],
  context: LedgerContext,
): Promise<void> {
  const touched = shape.fields.filter(
    ({ column, role }) =>
      role !== 'key' &&
      updated.some(({ before, after }) => before?.row?.[column] !== after.row?.[column]),
  );
  if (touched.length === 0) return;
  const fields = [...shape.keyFields, ...touched];
  for (let start = 0; start < updated.length; start += largestStatement) {
    const rows = updated
      .slice(start, start + largestStatement)
      .map(({ after }) => fields.map((field) => cell(field, (after as Row).row)));
    const name = (field: IdentityField): string => field.column;
    await setFrom(tx, table(shape.schema, shape.table), shape, touched, rows, fields, name);
    for (const projection of context.projectionsOf(shape.entity.name)) {
      const own = (field: IdentityField): string => fieldColumn(projection.entity, field.name);
      await setFrom(tx, projectionTable(projection), shape, touched, rows, fields, own);
    }
  }
}

async function setFrom(
  tx: WriteTransaction,
  target: Sql,
  { keyFields }: IdentityShape,
  touched: readonly IdentityField[],
  rows: readonly (readonly LakeValue[])[],
  fields: readonly IdentityField[],
  nameOf: (field: IdentityField) => string,
): Promise<void> {
  const columns = fields.map((field): ValuesColumn => ({
    name: field.column,
    sqlType: field.sqlType,
  }));
  const sets = touched.map(
    (field) => sql`${identifier(nameOf(field))} = ${identifier('v', field.column)}`,
  );
  const isSame = keyFields.map(
    (field) => sql`${identifier('t', nameOf(field))} = ${identifier('v', field.column)}`,
  );
  await tx.run(
    sql`UPDATE ${target} AS t SET ${join(sets, ', ')} FROM ${valuesTable('v', columns, rows)} WHERE ${join(isSame, ' AND ')}`,
  );
}

function keyRows(shape: IdentityShape, differences: readonly Difference[]): KeyRows {
  const columns = shape.keyFields.map(({ column }) => column);
  const rows = differences.map(({ before, after }) =>
    shape.keyFields.map((field) => cell(field, after.row ?? before?.row ?? {})),
  );
  const typed = shape.keyFields.map(({ column, sqlType }) => ({ name: column, sqlType }));
  return { select: sql`SELECT DISTINCT * FROM ${valuesTable('k', typed, rows)}`, columns };
}

function cell({ column, sqlType }: IdentityField, row: RowTexts): LakeValue {
  return valueOf(row[column] ?? null, sqlType) ?? null;
}

async function writeMatches(
  tx: WriteTransaction,
  shape: IdentityShape,
  differences: readonly Difference[],
): Promise<void> {
  if (shape.match === undefined) return;
  const moved = differences
    .map(({ before, after }) => ({
      key: after.key,
      before: matchValueOf(shape, before?.row ?? null),
      after: matchValueOf(shape, after.row),
    }))
    .filter(({ before, after }) => before !== after);
  const left = moved.flatMap(({ key, before }) => (before === undefined ? [] : [[before, key]]));
  for (let start = 0; start < left.length; start += largestStatement) {
    const rows = left.slice(start, start + largestStatement);
    const columns = ['value', 'key'].map((name) => ({ name, sqlType: text }));
    await tx.run(
      sql`DELETE FROM ledger."match" AS m USING ${valuesTable('v', columns, rows)} WHERE m."value" = v."value" AND m."key" = v."key"`,
    );
  }
  const come = moved.filter(({ after }) => after !== undefined);
  if (come.length === 0) return;
  await tx.append('ledger', 'match', {
    columnNames: ['value', 'entity', 'key'],
    columns: [
      come.map(({ after }) => after ?? null),
      come.map(() => shape.entity.name),
      come.map(({ key }) => key),
    ],
  });
}

const text = { kind: 'VARCHAR' } as const;
const whole = { kind: 'BIGINT' } as const;

const headColumns: readonly ValuesColumn[] = [
  { name: 'subject', sqlType: text },
  { name: 'entity', sqlType: text },
  { name: 'key', sqlType: text },
  { name: 'version', sqlType: whole },
  { name: 'stamp', sqlType: text },
  { name: 'sequence', sqlType: whole },
  { name: 'state', sqlType: text },
  { name: 'merged_into', sqlType: text },
];

async function writeHeads(tx: WriteTransaction, differences: readonly Difference[]): Promise<void> {
  const rows = differences.map(({ before, after }) => ({
    isKnown: before?.hasHead === true,
    values: headOf(after),
  }));
  const fresh = rows.filter(({ isKnown }) => !isKnown).map(({ values }) => values);
  if (fresh.length > 0) {
    await tx.append('ledger', 'head', {
      columnNames: headColumns.map(({ name }) => name),
      columns: headColumns.map((_, position) => fresh.map((values) => values[position] ?? null)),
    });
  }
  const known = rows.filter(({ isKnown }) => isKnown).map(({ values }) => values);
  const sets = headColumns
    .slice(3)
    .map(({ name }) => sql`${identifier(name)} = ${identifier('v', name)}`);
  for (let start = 0; start < known.length; start += largestStatement) {
    const part = known.slice(start, start + largestStatement);
    await tx.run(
      sql`UPDATE ledger.head AS h SET ${join(sets, ', ')} FROM ${valuesTable('v', headColumns, part)} WHERE h.subject = v.subject`,
    );
  }
}

function headOf(after: EntityState): readonly LakeValue[] {
  const state = after.mergedInto !== undefined ? 'merged' : after.row === null ? 'deleted' : 'live';
  return [
    GroupState.subject(after.entity, after.key),
    after.entity,
    after.key,
    BigInt(after.version),
    after.stamp,
    BigInt(after.sequence),
    state,
    after.mergedInto ?? null,
  ];
}
