import { Kind, print, type ConstDirectiveNode, type FieldDefinitionNode } from 'graphql';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { columnUses } from './column-uses.ts';
import {
  canHold,
  mappableScalars,
  namedTypeOf,
  readFieldType,
  type FieldType,
} from './field-type.ts';
import { checkLakeName } from './lake-name.ts';
import type { Expression, MappedField, RelatedTable } from './model.ts';
import { parseExpression } from './parse-expression.ts';
import { readDefault } from './read-default.ts';
import type { SchemaContext } from './schema-context.ts';
import { findArgument, findDirective, locate, stringArgument } from './schema-source.ts';
import { snakeCase } from './snake-case.ts';
import { formatSqlType, parseSqlType } from './sql-type.ts';
import { walkExpression } from './walk-expression.ts';

/**
 * Reads a field that is kept in a column, or made of columns by an expression.
 *
 * @param coordinate `TypeName.fieldName`, for error messages
 */
export function readMappedField(
  node: FieldDefinitionNode,
  coordinate: string,
  relatedTables: readonly RelatedTable[],
  context: SchemaContext,
): MappedField {
  const location = locate(node);
  const column = findDirective(node, 'column');
  const { wireType, sqlType } = readColumnType(node, column, coordinate, context);
  const expression = readExpression(node, column, coordinate);
  checkAggregates(expression, coordinate, relatedTables, node);
  checkLakeName(node.name.value, coordinate, location);
  for (const { column: name } of columnUses(expression, sqlType))
    checkLakeName(name, coordinate, location);
  const isNonNull = node.type.kind === Kind.NON_NULL_TYPE;
  const defaultValue =
    column &&
    readDefault(findArgument(column, 'default'), { wireType, sqlType }, coordinate, location);
  if (isNonNull && defaultValue === null) {
    throw raise('MAPPING_DEFAULT_INVALID', { field: coordinate, value: 'null' }, { at: location });
  }
  return {
    name: node.name.value,
    expression,
    sqlType,
    wireType,
    isNonNull,
    isInaccessible: findDirective(node, 'inaccessible') !== undefined,
    defaultValue,
    location,
  };
}

function readColumnType(
  node: FieldDefinitionNode,
  column: ConstDirectiveNode | undefined,
  coordinate: string,
  context: SchemaContext,
): FieldType {
  const at = locate(node);
  const text = column && stringArgument(column, 'type');
  const declared = text === undefined ? undefined : parseSqlType(text);
  if (text !== undefined && declared === undefined) {
    throw raise('MAPPING_TYPE_UNKNOWN', { field: coordinate, type: text }, { at });
  }
  const type = readFieldType(node.type, context.enums, declared);
  if (type === undefined) throw unmappableType(node, coordinate, context);
  const { wireType, sqlType } = type;
  if (sqlType === undefined) throw raise('MAPPING_DECIMAL_SCALE', { field: coordinate }, { at });
  if (!canHold(sqlType, wireType)) {
    throw raise(
      'MAPPING_TYPE_MISMATCH',
      { field: coordinate, type: print(node.type), column: formatSqlType(sqlType) },
      { at },
    );
  }
  return { wireType, sqlType };
}

function readExpression(
  node: FieldDefinitionNode,
  column: ConstDirectiveNode | undefined,
  coordinate: string,
): Expression {
  const name = column && stringArgument(column, 'name');
  const from = column && findArgument(column, 'from');
  if (from?.kind !== Kind.STRING) {
    return { kind: 'column', column: name ?? snakeCase(node.name.value) };
  }
  if (name !== undefined) {
    throw raise('MAPPING_COLUMN_AMBIGUOUS', { field: coordinate }, { at: locate(node) });
  }
  return parseExpression(from.value, locate(from));
}

function unmappableType(
  node: FieldDefinitionNode,
  coordinate: string,
  context: SchemaContext,
): Error {
  const type = namedTypeOf(node.type);
  const at = locate(node);
  if (context.types.has(type))
    return raise('MAPPING_RELATION_MISSING', { field: coordinate, type }, { at });
  const advice = didYouMean(type, [...mappableScalars, ...context.enums.keys()]);
  return raise('MAPPING_SCALAR_UNKNOWN', { field: coordinate, type, advice }, { at });
}

function checkAggregates(
  expression: Expression,
  coordinate: string,
  relatedTables: readonly RelatedTable[],
  node: FieldDefinitionNode,
): void {
  for (const part of walkExpression(expression)) {
    if (part.kind !== 'aggregate' || relatedTables.some(({ table }) => table === part.table))
      continue;
    const advice = didYouMean(
      part.table,
      relatedTables.map(({ table }) => table),
    );
    throw raise(
      'MAPPING_RELATED_TABLE_UNKNOWN',
      { field: coordinate, table: part.table, advice },
      { at: locate(node) },
    );
  }
}
