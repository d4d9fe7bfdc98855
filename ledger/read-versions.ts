import { keyCondition } from '../lake/key-condition.ts';
import type { Rows } from '../lake/rows.ts';
import { identifier, join, literal, sql, table, type Sql } from '../lake/sql.ts';
import { GroupState } from './group-state.ts';
import type { FieldValues } from './identity-command.ts';
import { keyFieldsOf } from './outcome.ts';
import { valueOf, type IdentityShape } from './identity-shape.ts';
import { readKey } from './read-input.ts';
import type { Redirects } from './redirects.ts';

interface VersionOptions {
  readonly read: (statement: Sql) => Promise<Rows>;
  readonly shape: IdentityShape;
  readonly redirects: Redirects;
}

/**
 * The versions of entities by their keys, in the same order: 1 for one that was there before the log, null for one
 * that does not exist. A key that was merged away has the version of the entity that it leads to.
 */
export async function readVersions(
  keys: readonly FieldValues[],
  { read, shape, redirects }: VersionOptions,
): Promise<readonly (number | null)[]> {
  const entity = shape.entity.name;
  const wanted = keys.map((given) => {
    const key = readKey(shape, given);
    if (key.kind === 'refused') return undefined;
    return redirects.find(entity, key.value.text) ?? key.value.text;
  });
  const distinct = [...new Set(wanted.filter((key) => key !== undefined))];
  if (distinct.length === 0) return keys.map(() => null);
  const { schema, table: name, keyFields } = shape;
  const rowKeys = distinct.map((key) => {
    const fields = keyFieldsOf(key, shape);
    return keyFields.map((field) => valueOf(fields[field.name], field.sqlType) ?? null);
  });
  const columns = keyFields.map(({ column, sqlType }) => ({
    column: identifier('t', column),
    sqlType,
  }));
  const texts = keyFields.map(({ column }) => sql`CAST(${identifier('t', column)} AS VARCHAR)`);
  const key =
    texts.length === 1
      ? (texts[0] ?? sql`NULL`)
      : sql`CAST(to_json([${join(texts, ', ')}]) AS VARCHAR)`;
  const rows = await read(
    sql`SELECT ${key}, h."version" FROM ${table(schema, name)} AS t LEFT JOIN ledger.head AS h ON h.subject = ${literal(GroupState.subject(entity, ''))} || ${key} WHERE ${keyCondition(columns, rowKeys)}`,
  );
  const [found = [], version = []] = rows.columns;
  const versions = new Map(
    found.map((one, row) => [String(one), version[row] === null ? 1 : Number(version[row])]),
  );
  return wanted.map((one) => (one === undefined ? null : (versions.get(one) ?? null)));
}
