import { identifier, join, sql, table, type Sql } from '../lake/sql.ts';
import { mappedColumnSql, type ExpressionScope } from '../lake/expression-sql.ts';
import { KeyLookup, type LookupColumn } from '../lake/key-lookup.ts';
import { keyFieldsOf } from '../mapping/build-entity.ts';
import { columnOfKey } from '../mapping/key-columns.ts';
import type { Entity, LakeType, MappedField, SqlType } from '../mapping/model.ts';
import { lakeDefault } from '../wire/to-lake-value.ts';
import { compileWireWriter } from '../wire/to-wire.ts';
import { compileEntityRow, type EntityRowFactory, type RowField } from './entity-row.ts';
import type { TableKey } from './table-key.ts';

const alias = 't';

interface TypeTableOptions {
  readonly part: LakeType;
  readonly entity: Entity;
  /** Columns that no field reads, and relations of this or other types go by. */
  readonly relationColumns: readonly string[];
}

/** One lake-backed type of a domain, compiled: what its rows hold and how they are found. */
export class TypeTable {
  readonly part: LakeType;
  readonly entity: Entity;
  readonly fields: ReadonlyMap<string, RowField>;
  /** The entity's primary key first. */
  readonly keys: readonly [TableKey, ...TableKey[]];
  readonly createRow: EntityRowFactory;
  readonly #positions = new Map<string, number>();
  readonly #select: Sql;

  constructor({ part, entity, relationColumns }: TypeTableOptions) {
    this.part = part;
    this.entity = entity;
    const primary = primaryKeyFields(part, entity);
    const keyColumns = primary.map(columnOfKey);
    const scope: ExpressionScope = { alias, part, keyColumns };
    const columns = part.fields.map((field) => mappedColumnSql(field, scope));
    const keys = [primary, ...otherKeys(part, primary)];
    for (const [position, field] of part.fields.entries()) {
      // With a default the field is not its column any more.
      if (field.expression.kind !== 'column' || field.defaultValue !== undefined) continue;
      this.#positions.set(field.expression.column, position);
    }
    for (const column of [
      ...keys.flatMap((fields) => fields.map(columnOfKey)),
      ...relationColumns,
    ]) {
      if (this.#positions.has(column)) continue;
      this.#positions.set(column, columns.push(identifier(alias, column)) - 1);
    }
    this.#select = selectFrom(part, columns);
    this.fields = new Map(
      part.fields.map((field, position) => [field.name, this.#rowField(field, position)]),
    );
    this.createRow = compileEntityRow(part.name, this.fields.values());
    this.keys = [this.#tableKey(primary), ...keys.slice(1).map((fields) => this.#tableKey(fields))];
  }

  /** Finds all rows that belong to something, by the columns that hold its key. */
  relatedLookup(columns: readonly string[], types: readonly SqlType[]): KeyLookup {
    return new KeyLookup({
      select: this.#select,
      alias,
      columns: this.#lookupColumns(columns, types),
      orderBy: this.keys[0].fields.map(columnOfKey),
    });
  }

  /** Where the columns stand in a row. */
  positionsOf(columns: readonly string[]): readonly number[] {
    return columns.map((column) => {
      const position = this.#positions.get(column);
      if (position === undefined)
        throw new TypeError(`${this.part.table} is not read with ${column}.`);
      return position;
    });
  }

  #rowField(field: MappedField, position: number): RowField {
    const { name, wireType } = field;
    const origin = this.entity.fields.find((owned) => owned.field.name === name);
    return {
      name,
      position,
      write: compileWireWriter(wireType),
      defaultValue: lakeDefault(field),
      origin: origin ?? { owner: this.part, field },
    };
  }

  #tableKey(fields: readonly MappedField[]): TableKey {
    const types = fields.map(({ sqlType }) => sqlType);
    const columns = this.#lookupColumns(fields.map(columnOfKey), types);
    const lookup = new KeyLookup({ select: this.#select, alias, columns });
    return { fields, lookup, identityCheck: compileIdentityCheck(this.part, this.entity, fields) };
  }

  #lookupColumns(columns: readonly string[], types: readonly SqlType[]): readonly LookupColumn[] {
    const positions = this.positionsOf(columns);
    return columns.map((name, index) => ({
      name,
      sqlType: types[index] ?? { kind: 'VARCHAR' },
      position: positions[index] ?? 0,
    }));
  }
}

function compileIdentityCheck(
  part: LakeType,
  entity: Entity,
  keyFields: readonly MappedField[],
): KeyLookup | undefined {
  const { identity } = entity;
  if (part === identity) return undefined;
  const primary = primaryKeyFields(identity, entity);
  const isKnownThere =
    hasSameNames(
      primary.map(({ name }) => name),
      keyFields,
    ) || identity.keys.some((key) => hasSameNames(key.fields, keyFields));
  if (!isKnownThere) return undefined;
  const names = keyFields.map(({ name }) => name);
  const fields = keyFieldsOf(identity, names);
  const columnNames = [...new Set([...primary, ...fields].map(columnOfKey))];
  const columns = columnNames.map((name) => identifier(alias, name));
  const select = selectFrom(identity, columns);
  const lookupColumns = fields.map((field) => ({
    name: columnOfKey(field),
    sqlType: field.sqlType,
    position: columnNames.indexOf(columnOfKey(field)),
  }));
  return new KeyLookup({ select, alias, columns: lookupColumns });
}

function selectFrom(part: LakeType, columns: readonly Sql[]): Sql {
  return sql`SELECT ${join(columns, ', ')} FROM ${table(part.domain, part.table)} AS ${identifier(alias)}`;
}

function primaryKeyFields(part: LakeType, entity: Entity): readonly MappedField[] {
  return keyFieldsOf(
    part,
    entity.keyFields.map(({ name }) => name),
  );
}

function otherKeys(
  part: LakeType,
  primary: readonly MappedField[],
): readonly (readonly MappedField[])[] {
  return part.keys
    .filter(({ fields }) => !hasSameNames(fields, primary))
    .map(({ fields }) => keyFieldsOf(part, fields));
}

/** Whether the names are those of the fields, in any order. */
function hasSameNames(names: readonly string[], fields: readonly MappedField[]): boolean {
  return names.length === fields.length && fields.every(({ name }) => names.includes(name));
}
