import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import { foldCase } from './lake-name.ts';
import type { ColumnDefinition, SqlType, TableDefinition } from './model.ts';
import { formatSqlType } from './sql-type.ts';

/** A column as one field or relation needs it. */
export interface ColumnNeed {
  readonly name: string;
  readonly sqlType: SqlType;
  /** True when the mapping states the type, false when it only follows from an expression. */
  readonly isDeclared: boolean;
  readonly mayBeMissing: boolean;
  /** What needs it, as `TypeName.fieldName`. */
  readonly field: string;
  readonly location: SourceLocation;
}

/** A table that grows column by column, as types, fields and relations are found that need it. */
export class TableDraft {
  readonly #schema: string;
  readonly #name: string;
  /** By folded name, since DuckDB takes two spellings for one column. */
  readonly #columns = new Map<string, ColumnNeed>();
  readonly #indexes = new Map<string, readonly string[]>();
  #primaryKey: readonly string[] = [];
  #isNumbered = false;

  constructor(schema: string, name: string) {
    this.#schema = schema;
    this.#name = name;
  }

  /** @throws TributaryError when two mappings declare different types for the column */
  add(need: ColumnNeed): void {
    const key = foldCase(need.name);
    const known = this.#columns.get(key);
    this.#columns.set(key, known === undefined ? need : this.#merge(known, need));
  }

  /** The first type on a table gives it its primary key; the key of another one is an index. */
  addKey(columns: readonly string[]): void {
    if (this.#primaryKey.length === 0) this.#primaryKey = columns;
    else this.addIndex(columns);
  }

  addIndex(columns: readonly string[]): void {
    this.#indexes.set(digest(columns), columns);
  }

  numberRows(): void {
    this.#isNumbered = true;
  }

  finish(): TableDefinition {
    const spelling = (name: string): string => this.#columns.get(foldCase(name))?.name ?? name;
    return {
      schema: this.#schema,
      name: this.#name,
      columns: [...this.#columns.values()].map(
        ({ name, sqlType, isDeclared, mayBeMissing, field, location }): ColumnDefinition => ({
          name,
          sqlType,
          mayBeMissing,
          isTypeDeclared: isDeclared,
          field,
          location,
        }),
      ),
      primaryKey: this.#primaryKey.map(spelling),
      indexes: [...this.#indexes]
        .filter(([key]) => key !== digest(this.#primaryKey))
        .map(([, columns]) => columns.map(spelling)),
      isNumbered: this.#isNumbered,
    };
  }

  #merge(known: ColumnNeed, need: ColumnNeed): ColumnNeed {
    if (known.isDeclared && need.isDeclared && !isSameType(known, need)) {
      const table = `${this.#schema}.${this.#name}`;
      throw raise(
        'MAPPING_COLUMN_TYPE_CONFLICT',
        { column: need.name, table, field: need.field, other: known.field },
        { at: need.location },
      );
    }
    const typed = need.isDeclared && !known.isDeclared ? need : moreThanText(known, need);
    // The error of a missing column should name a field that cannot do without it.
    const strict = known.mayBeMissing && !need.mayBeMissing ? need : known;
    return { ...strict, name: known.name, sqlType: typed.sqlType, isDeclared: typed.isDeclared };
  }
}

/** Where two expressions read a column and one of them calculates with it, text would not do. */
function moreThanText(known: ColumnNeed, need: ColumnNeed): ColumnNeed {
  return !known.isDeclared && known.sqlType.kind === 'VARCHAR' ? need : known;
}

function isSameType(a: ColumnNeed, b: ColumnNeed): boolean {
  return formatSqlType(a.sqlType) === formatSqlType(b.sqlType);
}

function digest(columns: readonly string[]): string {
  return columns.map(foldCase).join('\0');
}
