import type { Expression, LakeType, MappedField } from '../mapping/model.ts';
import { identifier, join, literal, sql, table, typeName, type Sql } from './sql.ts';

/** Where an expression stands: in a statement that reads the table of one type under an alias. */
export interface ExpressionScope {
  readonly alias: string;
  readonly part: LakeType;
  /** The columns of the primary key, in the order in which related tables name theirs. */
  readonly keyColumns: readonly string[];
}

/** What the field holds: converted to its declared type, and its default where the source has nothing. */
export function mappedColumnSql(field: MappedField, scope: ExpressionScope): Sql {
  const { expression, sqlType, defaultValue } = field;
  const source = expressionSql(expression, scope);
  const converted =
    expression.kind === 'column' ? source : sql`CAST(${source} AS ${typeName(sqlType)})`;
  if (defaultValue === undefined || defaultValue === null) return converted;
  return sql`COALESCE(${converted}, CAST(${literal(defaultValue)} AS ${typeName(sqlType)}))`;
}

/** The expression in SQL, in parentheses where it needs them. */
export function expressionSql(expression: Expression, scope: ExpressionScope): Sql {
  switch (expression.kind) {
    case 'column':
      return identifier(scope.alias, expression.column);
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
      : expressionSql(aggregate.value, { ...scope, alias: inner });
  return sql`(SELECT ${aggregateCall(aggregate.name, value)} FROM ${table(part.domain, aggregate.table)} AS ${identifier(inner)} WHERE ${join(isOfThisRow, ' AND ')})`;
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
