import type { Expression, SqlType } from './model.ts';

/** A column that an expression reads, and the type that it has to have for the expression to work. */
export interface ColumnUse {
  /** The related table that the column stands in; undefined for the table of the type. */
  readonly table: string | undefined;
  readonly column: string;
  readonly sqlType: SqlType;
}

const text: SqlType = { kind: 'VARCHAR' };
const double: SqlType = { kind: 'DOUBLE' };

/**
 * The columns that an expression reads. A column that nothing but expressions declare has to get some type when its
 * table is created, and text will not do everywhere: DuckDB neither adds nor sums text.
 *
 * @param wanted the type that the value of the expression has to have
 */
export function columnUses(
  expression: Expression,
  wanted: SqlType,
  table?: string,
): readonly ColumnUse[] {
  switch (expression.kind) {
    case 'column':
      return [{ table, column: expression.column, sqlType: wanted }];
    case 'constant':
      return [];
    case 'cast':
      return columnUses(expression.value, text, table);
    case 'concat':
      return expression.parts.flatMap((part) => columnUses(part, text, table));
    case 'arithmetic':
      return [expression.left, expression.right].flatMap((side) =>
        columnUses(side, numeric(wanted), table),
      );
    case 'call': {
      const type = expression.name === 'coalesce' || expression.name === 'nullif' ? wanted : text;
      return expression.parts.flatMap((part) => columnUses(part, type, table));
    }
    case 'case': {
      const { subject, whens, otherwise } = expression;
      const compared = constantType(whens.map(({ when }) => when));
      const results = [
        ...whens.map(({ then }) => then),
        ...(otherwise === undefined ? [] : [otherwise]),
      ];
      return [
        ...[subject, ...whens.map(({ when }) => when)].flatMap((part) =>
          columnUses(part, compared, table),
        ),
        ...results.flatMap((part) => columnUses(part, wanted, table)),
      ];
    }
    case 'aggregate': {
      if (expression.value === undefined) return [];
      return columnUses(
        expression.value,
        aggregatedType(expression.name, wanted),
        expression.table,
      );
    }
  }
}

function aggregatedType(name: 'sum' | 'count' | 'min' | 'max' | 'avg', wanted: SqlType): SqlType {
  if (name === 'count') return text;
  return name === 'sum' || name === 'avg' ? numeric(wanted) : wanted;
}

function numeric(type: SqlType): SqlType {
  switch (type.kind) {
    case 'INTEGER':
    case 'BIGINT':
    case 'DOUBLE':
    case 'DECIMAL':
      return type;
    default:
      return double;
  }
}

/** The type of what a case compares with: of the first constant that has one. */
function constantType(values: readonly Expression[]): SqlType {
  for (const value of values) {
    if (value.kind !== 'constant' || value.value === null) continue;
    if (typeof value.value === 'string') return text;
    if (typeof value.value === 'boolean') return { kind: 'BOOLEAN' };
    return Number.isInteger(value.value) ? { kind: 'BIGINT' } : double;
  }
  return text;
}
