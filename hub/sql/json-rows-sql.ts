import { identifier, join, literal, sql, type Sql } from '../../lake/sql.ts';
import type { MappedField } from '../../mapping/model.ts';
import type { WireOptions } from '../../wire/to-wire.ts';
import { jsonSql } from './json-sql.ts';

/** A member of the objects that rows become. */
export type JsonMember =
  | { readonly kind: 'typename'; readonly responseKey: string; readonly typeName: string }
  | {
      readonly kind: 'field';
      readonly responseKey: string;
      readonly column: string;
      readonly field: MappedField;
    };

/**
 * Rows as JSON objects. Columns: the object's text, whether an answer may have it as it is, then `behind`. Rows that may
 * not, such as those with a null where none may be, are left to be shaped one value at a time, which knows what to say
 * about them.
 *
 * @param members all of which can be written so
 * @param rows what has the columns of the members; their order stays
 * @param behind names of further columns of the rows
 */
export function jsonRowsSql(
  rows: Sql,
  members: readonly JsonMember[],
  behind: readonly Sql[],
  wire: WireOptions,
): Sql {
  const texts: Sql[] = [];
  const conditions: Sql[] = [];
  for (const [position, member] of members.entries()) {
    const name = `${position === 0 ? '{' : ','}${JSON.stringify(member.responseKey)}:`;
    if (member.kind === 'typename') {
      texts.push(literal(name + JSON.stringify(member.typeName)));
      continue;
    }
    const column = sql`page.${identifier(member.column)}`;
    const json = jsonSql(member.field, column, wire);
    if (json === undefined) throw new Error(`${member.responseKey} cannot be written as JSON`);
    const { isNonNull } = member.field;
    texts.push(literal(name), isNonNull ? json.text : sql`coalesce(${json.text}, 'null')`);
    if (isNonNull) conditions.push(sql`${column} IS NOT NULL`);
    if (json.isWritable !== undefined) {
      conditions.push(isNonNull ? json.isWritable : sql`(${column} IS NULL OR ${json.isWritable})`);
    }
  }
  const text = sql`concat(${join([...texts, literal('}')], ', ')})`;
  const isWhole = conditions.length === 0 ? literal(true) : join(conditions, ' AND ');
  const further = behind.map((name) => sql`page.${name}`);
  const selected = join([text, sql`coalesce(${isWhole}, FALSE)`, ...further], ', ');
  return sql`SELECT ${selected} FROM (${rows}) AS page`;
}
