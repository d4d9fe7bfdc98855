import { createHash } from 'node:crypto';
import { entityKeys } from './entity-keys.ts';
import { foldCase } from './lake-name.ts';
import type { Entity, LakeModel, LakeType, OwnedField, SqlType } from './model.ts';
import { snakeCase } from './snake-case.ts';
import { relationKeyTypes } from './tables.ts';

/** Number of an entity in the order in which entities came; unique, and the default order of lists. */
export const sequenceColumn = '_seq';

/**
 * An entity's wide table in the schema `hub`: its key and every lake-backed field of every domain, as mapped, plus
 * the columns that relations go by. Its name carries a digest of its shape, so that a graph of another shape reads
 * another table, and old and new can stand side by side while one takes over from the other.
 */
export interface Projection {
  readonly entity: Entity;
  readonly table: string;
  readonly columns: readonly ProjectionColumn[];
  /** Names of the key's columns. */
  readonly key: readonly string[];
  /** Column lists that look-ups go by, besides the key. */
  readonly indexes: readonly (readonly string[])[];
}

/** Number of the way in which tables of the same shape are laid out; another one makes the lakes of users anew. */
const layout = 4;

export type ProjectionColumn =
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly sqlType: SqlType;
      readonly source: OwnedField;
    }
  | {
      readonly kind: 'reference';
      readonly name: string;
      readonly sqlType: SqlType;
      readonly part: LakeType;
      readonly column: string;
    };

export function projectionsOf(model: LakeModel): ReadonlyMap<string, Projection> {
  return new Map([...model.entities].map(([name, entity]) => [name, projectionOf(entity, model)]));
}

/** The projection's column that holds one column of a domain's table, however it is spelt, for a relation to go by. */
export function referenceColumn(domain: string, column: string): string {
  return `${domain}.${foldCase(column)}`;
}

/** The projection's column of a field. DuckDB knows no case, GraphQL does: a second spelling gets a number. */
export function fieldColumn(entity: Entity, fieldName: string): string {
  let columns = fieldColumns.get(entity);
  if (columns === undefined) {
    columns = columnsOfFields(entity);
    fieldColumns.set(entity, columns);
  }
  return columns.get(fieldName) ?? fieldName;
}

/** Asked for by every condition of every question. */
const fieldColumns = new WeakMap<Entity, ReadonlyMap<string, string>>();

function columnsOfFields(entity: Entity): ReadonlyMap<string, string> {
  const spellings = new Map<string, number>();
  const columns = new Map<string, string>();
  for (const { field } of entity.fields) {
    if (columns.has(field.name)) continue;
    const folded = foldCase(field.name);
    const position = (spellings.get(folded) ?? 0) + 1;
    spellings.set(folded, position);
    columns.set(field.name, position === 1 ? field.name : `${field.name}~${position}`);
  }
  return columns;
}

function projectionOf(entity: Entity, model: LakeModel): Projection {
  const fields = entity.fields.map((source): ProjectionColumn => ({
    kind: 'field',
    name: fieldColumn(entity, source.field.name),
    sqlType: source.field.sqlType,
    source,
  }));
  const references = referenceColumnsOf(entity, model);
  const columns = [
    ...fields,
    ...new Map(references.map((column) => [column.name, column])).values(),
  ];
  const key = entity.keyFields.map(({ name }) => fieldColumn(entity, name));
  const indexes = indexesOf(entity, model);
  const shape = createHash('sha256')
    .update(
      JSON.stringify([
        layout,
        entity.name,
        columns.map(shapeOf),
        key,
        indexes,
        entity.parts.map(joinOf),
      ]),
    )
    .digest('hex');
  return {
    entity,
    table: `${snakeCase(entity.name)}_${shape.slice(0, 10)}`,
    columns,
    key,
    indexes,
  };
}

/** Columns for the relations that start here and go to one, and for those that end here and come from many. */
function referenceColumnsOf(entity: Entity, model: LakeModel): readonly ProjectionColumn[] {
  const outgoing = entity.relations
    .filter(({ relation }) => relation.cardinality === 'one')
    .flatMap(({ owner, relation }) =>
      reference(owner, relation.columns, relationKeyTypes(relation, entity, model)),
    );
  const incoming = incomingRelations(entity, model).flatMap(({ part, columns, types }) =>
    reference(part, columns, types),
  );
  return [...outgoing, ...incoming];
}

function reference(
  part: LakeType,
  columns: readonly string[],
  types: readonly SqlType[],
): readonly ProjectionColumn[] {
  return columns.map((column, position) => ({
    kind: 'reference',
    name: referenceColumn(part.domain, column),
    sqlType: types[position] ?? { kind: 'VARCHAR' },
    part,
    column,
  }));
}

interface IncomingRelation {
  readonly part: LakeType;
  readonly columns: readonly string[];
  readonly types: readonly SqlType[];
}

function incomingRelations(entity: Entity, model: LakeModel): readonly IncomingRelation[] {
  return [...model.entities.values()].flatMap((other) =>
    other.relations.flatMap(({ owner, relation }): readonly IncomingRelation[] => {
      if (relation.cardinality !== 'many' || relation.target !== entity.name) return [];
      const part = entity.parts.find(({ domain }) => domain === owner.domain);
      if (part === undefined) return [];
      return [{ part, columns: relation.columns, types: relationKeyTypes(relation, other, model) }];
    }),
  );
}

function indexesOf(entity: Entity, model: LakeModel): readonly (readonly string[])[] {
  const incoming = incomingRelations(entity, model).map(({ part, columns }) =>
    columns.map((column) => referenceColumn(part.domain, column)),
  );
  const alternateKeys = entityKeys(entity)
    .slice(1)
    .map((key) => key.map((field) => fieldColumn(entity, field)));
  const lists = [...incoming, ...alternateKeys];
  return [...new Map(lists.map((list) => [list.join('\0'), list])).values()];
}

function shapeOf(column: ProjectionColumn): unknown {
  if (column.kind === 'reference')
    return [column.name, column.sqlType, column.part.domain, column.column];
  const { owner, field } = column.source;
  const { expression, sqlType, defaultValue } = field;
  return [
    column.name,
    owner.domain,
    expression,
    sqlType,
    defaultValue === undefined ? 'none' : [defaultValue],
  ];
}

/** What a part is joined by: where its keys are kept counts, although the wide table has the key but once. */
function joinOf({ domain, table, keys, fields, relatedTables }: LakeType): unknown {
  const isKey = (name: string): boolean => keys.some((key) => key.fields.includes(name));
  const kept = fields
    .filter(({ name }) => isKey(name))
    .map(({ name, expression }) => [name, expression]);
  return [domain, table, keys, kept, relatedTables];
}
