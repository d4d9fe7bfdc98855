import { foldCase } from '../mapping/lake-name.ts';
import type { Expression, LakeType, MappedField } from '../mapping/model.ts';
import { identifier, join, literal, sql, table, typeName, type Sql } from './sql.ts';
import type { MissingColumn } from './tables.ts';

/** Where an expression stands: in a statement that reads the table of one type under an alias. */
export interface ExpressionScope {
  readonly alias: string;
  readonly part: LakeType;
  /** The columns of the primary key, in the order in which related tables name theirs. */
  readonly keyColumns: readonly string[];
  /** Columns, by table, that a mapping names and the real table lacks: they read as null. */
  readonly missingColumns?: MissingColumns | undefined;
}

/** Columns by table, all names through `foldCase`. */
export type MissingColumns = ReadonlyMap<string, ReadonlySet<string>>;

/** Of the columns that `ensureTables` missed, those of one domain. */
export function missingColumnsOf(
  domain: string,
  missing: readonly MissingColumn[],
): MissingColumns {
  const byTable = new Map<string, Set<string>>();
  for (const { table: definition, column } of missing) {
    if (definition.schema !== domain) continue;
    const name = foldCase(definition.name);
    byTable.set(name, (byTable.get(name) ?? new Set()).add(foldCase(column.name)));
  }
  return byTable;
}

/** What the field holds: converted to its declared type, and its default where the source has nothing. */
export function mappedColumnSql(field: MappedField, scope: ExpressionScope): Sql {
  const { expression, sqlType, defaultValue } = field;
  const source = expressionSql(expression, scope);
  const isAsDeclared =
    expression.kind === 'column' && !isMissing(expression.column, scope.part.table, scope);
  const converted = isAsDeclared ? source : sql`CAST(${source} AS ${typeName(sqlType)})`;
  if (defaultValue === undefined || defaultValue === null) return converted;
  return sql`COALESCE(${converted}, CAST(${literal(defaultValue)} AS ${typeName(sqlType)}))`;
}

/** The expression in SQL, in parentheses where it needs them. */
export function expressionSql(expression: Expression, scope: ExpressionScope): Sql {
  switch (expression.kind) {
    case 'column':
      return columnSql(expression.column, scope.part.table, scope);
    case 'constant':
      return literal(expression.value);
    case 'concat':
      return sql`(${join(all(expression.parts, scope), ' || ')})`;
    case 'cast':
      return sql`CAST(${expressionSql(expression.value, scope)} AS ${typeName(expression.type)})`;
    case 'case':
      return caseSql(expression, scope);
    case 'call':
      return callSql(expression.name, join(all(expression.parts, scope), ', '));
    case 'arithmetic':
      return arithmeticSql(
        expression.operator,
        expressionSql(expression.left, scope),
        expressionSql(expression.right, scope),
      );
    case 'aggregate':
      return aggregateSql(expression, scope);
  }
}

type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { readonly kind: Kind }>;

function all(parts: readonly Expression[], scope: ExpressionScope): readonly Sql[] {
  return parts.map((part) => expressionSql(part, scope));
}

function columnSql(column: string, tableName: string, scope: ExpressionScope): Sql {
  return isMissing(column, tableName, scope) ? sql`NULL` : identifier(scope.alias, column);
}

function isMissing(
  column: string,
  tableName: string,
  { missingColumns }: ExpressionScope,
): boolean {
  return missingColumns?.get(foldCase(tableName))?.has(foldCase(column)) === true;
}

function caseSql({ subject, whens, otherwise }: ExpressionOf<'case'>, scope: ExpressionScope): Sql {
  const branches = whens.map(
    ({ when, then }) => sql`WHEN ${expressionSql(when, scope)} THEN ${expressionSql(then, scope)}`,
  );
  const rest = otherwise === undefined ? sql`` : sql` ELSE ${expressionSql(otherwise, scope)}`;
  return sql`CASE ${expressionSql(subject, scope)} ${join(branches, ' ')}${rest} END`;
}

function callSql(name: ExpressionOf<'call'>['name'], parts: Sql): Sql {
  switch (name) {
    case 'coalesce':
      return sql`COALESCE(${parts})`;
    case 'nullif':
      return sql`NULLIF(${parts})`;
    case 'lower':
      return sql`lower(${parts})`;
    case 'upper':
      return sql`upper(${parts})`;
    case 'trim':
      return sql`trim(${parts})`;
    case 'concat':
      return sql`concat(${parts})`;
  }
}

function arithmeticSql(
  operator: ExpressionOf<'arithmetic'>['operator'],
  left: Sql,
  right: Sql,
): Sql {
  switch (operator) {
    case '+':
      return sql`(${left} + ${right})`;
    case '-':
      return sql`(${left} - ${right})`;
    case '*':
      return sql`(${left} * ${right})`;
    case '/':
      return sql`(${left} / ${right})`;
  }
}

/** A correlated subquery, which DuckDB turns into one join for all rows; `count` without rows is 0, the others null. */
function aggregateSql(aggregate: ExpressionOf<'aggregate'>, scope: ExpressionScope): Sql {
  const { alias, part, keyColumns } = scope;
  const inner = `${alias}_related`;
  const related = part.relatedTables.find((candidate) => candidate.table === aggregate.table);
  if (related === undefined || related.columns.length !== keyColumns.length) {
    throw new TypeError(`${part.name} of ${part.domain} has no related table ${aggregate.table}.`);
  }
  const isOfThisRow = related.columns.map(
    (column, position) =>
      sql`${identifier(inner, column)} = ${identifier(alias, keyColumns[position] ?? '')}`,
  );
  const value =
    aggregate.value === undefined
      ? sql`*`
      : relatedValueSql(aggregate.value, { ...scope, alias: inner }, aggregate.table);
  return sql`(SELECT ${aggregateCall(aggregate.name, value)} FROM ${table(part.domain, aggregate.table)} AS ${identifier(inner)} WHERE ${join(isOfThisRow, ' AND ')})`;
}

/** Columns inside an aggregate are those of the related table. */
function relatedValueSql(value: Expression, scope: ExpressionScope, tableName: string): Sql {
  return expressionSql(value, { ...scope, part: { ...scope.part, table: tableName } });
}

function aggregateCall(name: ExpressionOf<'aggregate'>['name'], value: Sql): Sql {
  switch (name) {
    case 'sum':
      return sql`sum(${value})`;
    case 'count':
      return sql`count(${value})`;
    case 'min':
      return sql`min(${value})`;
    case 'max':
      return sql`max(${value})`;
    case 'avg':
      return sql`avg(${value})`;
  }
}
