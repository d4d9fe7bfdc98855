import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise, type TributaryError } from '../foundation/errors/tributary-error.ts';
import { isInternalColumn } from '../mapping/lake-name.ts';
import type { ColumnDefinition, TableDefinition } from '../mapping/model.ts';
import { formatSqlType } from '../mapping/sql-type.ts';
import { findColumn, type ActualTable, type ActualTables } from './describe-tables.ts';

/**
 * What stands between the mappings and the tables as they are, each at its place in a schema file: a table or a
 * column that is missing (unless a default stands in for it), a column of another type. None when all is well.
 */
export function checkTables(
  actual: ActualTables,
  definitions: readonly TableDefinition[],
): readonly TributaryError[] {
  return definitions.flatMap((definition) => {
    const table = actual.find(definition);
    if (table === undefined) return missingTable(definition, actual);
    return definition.columns.flatMap((column) => checkColumn(column, table));
  });
}

function missingTable(
  { schema, name, columns }: TableDefinition,
  actual: ActualTables,
): readonly TributaryError[] {
  const [first] = columns;
  if (first === undefined) return [];
  const known = actual.tables.filter((table) => table.schema === schema);
  const advice = didYouMean(
    name,
    known.map((table) => table.name),
  );
  const parameters = { field: first.field, table: `${schema}.${name}`, advice };
  return [raise('LAKE_TABLE_MISSING', parameters, { at: first.location })];
}

function checkColumn(
  { name, sqlType, mayBeMissing, isTypeDeclared, field, location }: ColumnDefinition,
  table: ActualTable,
): readonly TributaryError[] {
  const parameters = { field, column: name, table: `${table.schema}.${table.name}` };
  const column = findColumn(table, name);
  if (column === undefined) {
    if (mayBeMissing) return [];
    const names = table.columns.map((existing) => existing.name);
    const known = names.filter((existing) => !isInternalColumn(existing));
    const advice = didYouMean(name, known);
    return [raise('MAPPING_COLUMN_MISSING', { ...parameters, advice }, { at: location })];
  }
  if (!isTypeDeclared) return [];
  const expected = formatSqlType(sqlType);
  if (column.sqlType !== undefined && formatSqlType(column.sqlType) === expected) return [];
  const types = { expected, actual: column.typeText };
  return [raise('MAPPING_COLUMN_TYPE', { ...parameters, ...types }, { at: location })];
}
