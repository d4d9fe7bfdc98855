import { keyColumnsOf } from '../mapping/key-columns.ts';
import { foldCase } from '../mapping/lake-name.ts';
import type { Entity, LakeModel, LakeType, TableDefinition } from '../mapping/model.ts';
import { tableDefinitions } from '../mapping/tables.ts';
import { identifier, join, literal, sql, table, type Sql } from '../lake/sql.ts';

/** A table of a domain that holds a part of an entity. */
export interface TablePart {
  readonly entity: Entity;
  readonly part: LakeType;
  readonly definition: TableDefinition;
  /** Columns of the entity's key, in its order. */
  readonly key: readonly string[];
  /** Whether the table says which of the entities exist. */
  readonly isIdentity: boolean;
  /** Relations to one by columns of this table. */
  readonly references: readonly Reference[];
}

export interface Reference {
  readonly columns: readonly string[];
  readonly target: Entity;
  readonly isNonNull: boolean;
  readonly name: string;
}

/** The parts that a table holds, of whichever entities; none for a table that only aggregates read. */
export function partsOfTable(
  model: LakeModel,
  domain: string,
  tableName: string,
): readonly TablePart[] {
  return allParts(model).filter(
    ({ part }) => part.domain === domain && foldCase(part.table) === foldCase(tableName),
  );
}

/** Models never change, so what follows from one is made once. */
const partsByModel = new WeakMap<LakeModel, readonly TablePart[]>();

export function allParts(model: LakeModel): readonly TablePart[] {
  const known = partsByModel.get(model);
  if (known !== undefined) return known;
  const definitions = tableDefinitions(model);
  const parts = [...model.entities.values()].flatMap((entity) =>
    entity.parts.flatMap((part): TablePart[] => {
      const definition = definitions.find(
        ({ schema, name }) => schema === part.domain && foldCase(name) === foldCase(part.table),
      );
      if (definition === undefined) return [];
      const key = keyColumnsOf(
        part,
        entity.keyFields.map(({ name }) => name),
      );
      const references = part.relations.flatMap((relation): Reference[] => {
        const target = model.entities.get(relation.target);
        if (relation.cardinality === 'many' || target === undefined) return [];
        const { columns, isNonNull, name } = relation;
        return [{ columns, target, isNonNull, name }];
      });
      const isIdentity = part === entity.identity;
      return [{ entity, part, definition, key, isIdentity, references }];
    }),
  );
  partsByModel.set(model, parts);
  return parts;
}

export function tableOf({ part }: TablePart): Sql {
  return table(part.domain, part.table);
}

/** The columns of the identity's table that hold the entity's key. */
export function identityKey({ identity, keyFields }: Entity): readonly string[] {
  return keyColumnsOf(
    identity,
    keyFields.map(({ name }) => name),
  );
}

/** The key of a row as one text, as `keyText` makes it. */
export function keyTextSql(alias: string, columns: readonly string[]): Sql {
  const texts = columns.map((column) => sql`CAST(${identifier(alias, column)} AS VARCHAR)`);
  const [only, another] = texts;
  if (only !== undefined && another === undefined) return only;
  return sql`CAST(to_json([${join(texts, ', ')}]) AS VARCHAR)`;
}

/** Whether the columns of two rows are equal, one by one. */
export function isSameKey(
  left: string,
  leftColumns: readonly string[],
  right: string,
  rightColumns: readonly string[],
): Sql {
  return join(
    leftColumns.map(
      (column, position) =>
        sql`${identifier(left, column)} = ${identifier(right, rightColumns[position] ?? '')}`,
    ),
    ' AND ',
  );
}

/** A row as the log and the quarantine keep it: an object of texts. */
export function rowTextsSql(members: readonly (readonly [name: string, value: Sql])[]): Sql {
  const parts = members.map(([name, value]) => sql`${literal(name)}, CAST(${value} AS VARCHAR)`);
  return sql`CAST(json_object(${join(parts, ', ')}) AS VARCHAR)`;
}
