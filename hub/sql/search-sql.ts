import { join, literal, sql, value, type Sql } from '../../lake/sql.ts';
import type { FieldPath } from '../question/field-path.ts';
import type { Search } from '../question/search.ts';
import type { Source } from './source.ts';
import { textSql } from './text-sql.ts';

/** Whether every word occurs in at least one of the fields, whatever the case and the accents. */
export function matchSql({ words, fields }: Search, source: Source): Sql {
  if (fields.length === 0) return sql`FALSE`;
  const texts = fields.map((field) => fieldText(field, source));
  const found = words.map((word) =>
    anyOf(texts, (text) => sql`contains(${text}, ${plainWord(word)})`),
  );
  return join(found, ' AND ');
}

/**
 * How well a row matches that does match, between 0 and 1, as a DOUBLE: for each word the best that any field has to
 * offer, a field that is the word (4), begins with it (3), has a word that begins with it (2), or has it anywhere (1).
 */
export function rankSql({ words, fields }: Search, source: Source): Sql {
  if (fields.length === 0) return sql`CAST(0 AS DOUBLE)`;
  const texts = fields.map((field) => fieldText(field, source));
  const points = words.map((word) => pointsSql(plainWord(word), texts));
  return sql`(${join(points, sql` + `)}) / CAST(${literal(4 * words.length)} AS DOUBLE)`;
}

/** What is dearest to find out is asked last, and only of the fields that have the word. */
function pointsSql(word: Sql, texts: readonly Sql[]): Sql {
  const points = texts.map((text) => {
    const isBegun = sql`contains(${spaced(text)}, ${spaced(word)})`;
    const inText = sql`CASE WHEN ${text} = ${word} THEN 4 WHEN starts_with(${text}, ${word}) THEN 3 WHEN ${isBegun} THEN 2 ELSE 1 END`;
    return sql`CASE WHEN contains(${text}, ${word}) THEN ${inText} ELSE 0 END`;
  });
  return sql`greatest(${join(points, ', ')})`;
}

function anyOf(texts: readonly Sql[], test: (text: Sql) => Sql): Sql {
  return sql`(${join(texts.map(test), ' OR ')})`;
}

const separators = '\t\n\r\u00a0-_/\\.,;:!?()[]{}<>"\'`’“”«»–—&@#*+=|~';

/** With a space before each word, also where other characters part them. */
function spaced(text: Sql): Sql {
  return sql`translate(' ' || ${text}, ${literal(separators)}, ${literal(' '.repeat(separators.length))})`;
}

function fieldText(path: FieldPath, source: Source): Sql {
  return plainText(textSql(source.field(path), path.source.field.sqlType));
}

function plainWord(word: string): Sql {
  return plainText(value(word));
}

function plainText(text: Sql): Sql {
  return sql`strip_accents(lower(${text}))`;
}
