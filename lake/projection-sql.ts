import { keyColumnsOf } from '../mapping/key-columns.ts';
import type { Entity, LakeType } from '../mapping/model.ts';
import type { Projection, ProjectionColumn } from '../mapping/projection.ts';
import { mappedColumnSql, type ExpressionScope } from './expression-sql.ts';
import { identifier, join, literal, sql, table, typeName, type Sql } from './sql.ts';

export const hubSchema = 'hub';

/**
 * The rows of all parts of an entity side by side, each under the alias of its domain.
 *
 * @param identityRows other rows in place of the whole table of the identity
 * @param hasParts false where no domain can have a row of these entities yet
 */
export function joinedParts(
  { identity, parts, keyFields }: Entity,
  identityRows: Sql = table(identity.domain, identity.table),
  hasParts = true,
): Sql {
  const tables = parts.map((part) => {
    const rows =
      part === identity
        ? identityRows
        : hasParts
          ? table(part.domain, part.table)
          : sql`(SELECT * FROM ${table(part.domain, part.table)} WHERE FALSE)`;
    const source = sql`${rows} AS ${identifier(aliasOf(part))}`;
    if (part === identity) return source;
    const own = keyColumnsOf(
      part,
      keyFields.map(({ name }) => name),
    );
    const isSame = keyColumnsOf(
      identity,
      keyFields.map(({ name }) => name),
    ).map(
      (column, position) =>
        sql`${identifier(aliasOf(part), own[position] ?? '')} = ${identifier(aliasOf(identity), column)}`,
    );
    return sql`LEFT JOIN ${source} ON ${join(isSame, ' AND ')}`;
  });
  return join(tables, ' ');
}

/** What a column of the projection holds, of the rows of `joinedParts`. */
export function columnSql(column: ProjectionColumn, entity: Entity): Sql {
  if (column.kind === 'reference') return identifier(aliasOf(column.part), column.column);
  const { owner, field } = column.source;
  const keys = keyColumnsOf(
    owner,
    entity.keyFields.map(({ name }) => name),
  );
  const scope: ExpressionScope = { alias: aliasOf(owner), part: owner, keyColumns: keys };
  const mapped = mappedColumnSql(field, scope);
  if (owner === entity.identity || field.expression.kind === 'column') return mapped;
  // An expression may have a value where there is no row at all, which only the declared default may have.
  const type = typeName(field.sqlType);
  const missing = sql`CAST(${literal(field.defaultValue ?? null)} AS ${type})`;
  return sql`CASE WHEN ${identifier(aliasOf(owner), keys[0] ?? '')} IS NULL THEN ${missing} ELSE ${mapped} END`;
}

export function aliasOf(part: LakeType): string {
  return part.domain;
}

export function projectionTable(projection: Projection): Sql {
  return table(hubSchema, projection.table);
}

export function namesSql(columns: readonly string[]): Sql {
  return join(
    columns.map((column) => identifier(column)),
    ', ',
  );
}
