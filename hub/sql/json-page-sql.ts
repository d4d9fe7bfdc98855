import { identifier, join, literal, sql, value, type Sql } from '../../lake/sql.ts';
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

interface JsonRows {
  /** They have the columns of the members, and the places. */
  readonly rows: Sql;
  /** All of which can be written so. */
  readonly members: readonly JsonMember[];
  readonly wire: WireOptions;
}

/** Of these rows there is one more than the limit where there is more. */
interface JsonPage extends JsonRows {
  /** Names of the values by which the order places a row. */
  readonly places: readonly Sql[];
  /** `ORDER BY` these, as the page is counted: from its start, or a backward one from its end. */
  readonly counted: Sql;
  readonly isBackward: boolean;
  readonly limit: number;
}

/**
 * A page as one row: its objects as a JSON array in UTF-8; whether an answer may have them as they are; how many rows
 * there are, with the one too many; the places of the first and of the last as structs.
 *
 * Objects that may not be used, such as those with a null where none may be, have to be shaped one value at a time,
 * which knows what to say about them.
 */
export function jsonPageSql(page: JsonPage): Sql {
  const { rows, places, counted, isBackward, limit } = page;
  const { text, isWritable } = objectSql(page);
  const kept = sql`FILTER (WHERE n <= ${value(limit)})`;
  const way = isBackward ? sql`n DESC` : sql`n`;
  const place = sql`{${join(
    places.map((name, position) => sql`${literal(`p${position}`)}: ${name}`),
    ', ',
  )}}`;
  const nearest = sql`arg_min(${place}, n) ${kept}`;
  const farthest = sql`arg_max(${place}, n) ${kept}`;
  const ends = isBackward ? [farthest, nearest] : [nearest, farthest];
  // Nothing but an order of its own keeps the texts in order.
  return sql`SELECT encode(concat('[', string_agg(${text}, ',' ORDER BY ${way}) ${kept}, ']')), coalesce(bool_and(${isWritable}) ${kept}, TRUE), count(*), ${join(ends, ', ')} FROM (SELECT *, row_number() OVER (${counted}) AS n FROM (${rows}) AS page) AS page`;
}

/**
 * The same for a page of which nobody asks where it ends: all of the rows, and nothing of their places. It costs a
 * quarter less, since nothing has to be numbered.
 *
 * @param ordered `ORDER BY` the places, as the page was asked for
 */
export function jsonNodesSql(page: JsonRows, ordered: Sql): Sql {
  const { text, isWritable } = objectSql(page);
  return sql`SELECT encode(concat('[', string_agg(${text}, ',' ${ordered}), ']')), coalesce(bool_and(${isWritable}), TRUE), count(*) FROM (${page.rows}) AS page`;
}

/** The JSON of a row, and whether an answer may have it. */
function objectSql({ members, wire }: JsonRows): { readonly text: Sql; readonly isWritable: Sql } {
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
    if (json.isWritable === undefined) continue;
    conditions.push(isNonNull ? json.isWritable : sql`(${column} IS NULL OR ${json.isWritable})`);
  }
  const isWritable = conditions.length === 0 ? literal(true) : join(conditions, ' AND ');
  return {
    text: sql`concat(${join([...texts, literal('}')], ', ')})`,
    isWritable: sql`coalesce(${isWritable}, FALSE)`,
  };
}
