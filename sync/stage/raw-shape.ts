import { foldCase } from '../../mapping/lake-name.ts';
import { identifier, join, literal, sql, type Sql } from '../../lake/sql.ts';

/**
 * How the rows of a source stand in their temporary table, beside their number `_row`: as columns of texts `c0`, `c1`,
 * …, or each as the text of a JSON object in `raw`.
 */
export type RawShape =
  | { readonly kind: 'columns'; readonly names: readonly string[] }
  | { readonly kind: 'json' };

/** The text of a source's column in rows that go by this alias; undefined where the source has no such column. */
export function rawText(shape: RawShape, alias: string, column: string): Sql | undefined {
  if (shape.kind === 'columns') {
    const position = positionOf(shape.names, column);
    return position < 0 ? undefined : identifier(alias, `c${position}`);
  }
  const raw = identifier(alias, 'raw');
  const plain = sql`json_extract_string(${raw}, ${literal(jsonPath([column]))})`;
  const steps = column.split('.');
  // `address.city` is a member of that name, or else the city of an address.
  return steps.length === 1 || steps.includes('')
    ? plain
    : sql`COALESCE(${plain}, json_extract_string(${raw}, ${literal(jsonPath(steps))}))`;
}

/** The whole row as a JSON object of its columns. */
export function rawPayload(shape: RawShape, alias: string): Sql {
  if (shape.kind === 'json') return identifier(alias, 'raw');
  const members = shape.names.map(
    (name, position) => sql`${literal(name)}, ${identifier(alias, `c${position}`)}`,
  );
  return sql`CAST(json_object(${join(members, ', ')}) AS VARCHAR)`;
}

/** In the spelling of the source, or else in any: those who export a table are not always the same in that. */
function positionOf(names: readonly string[], column: string): number {
  const exact = names.indexOf(column);
  if (exact >= 0) return exact;
  return names.findIndex((name) => foldCase(name) === foldCase(column));
}

function jsonPath(steps: readonly string[]): string {
  const quoted = steps.map((step) => `."${step.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  return `$${quoted.join('')}`;
}
