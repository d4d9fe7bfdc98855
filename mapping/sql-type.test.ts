import { describe, expect, it } from 'vitest';
import { formatSqlType, parseSqlType } from './sql-type.ts';

describe('parseSqlType', () => {
  it.each([
    'VARCHAR',
    'INTEGER',
    'BIGINT',
    'DOUBLE',
    'BOOLEAN',
    'TIMESTAMPTZ',
    'DATE',
    'DECIMAL(18,2)',
    'DECIMAL(38,38)',
    'DECIMAL(1,0)',
    'VARCHAR[]',
    'DECIMAL(9,4)[]',
    'BIGINT[][]',
  ])('reads %s, and formatSqlType writes it back', (text) => {
    const type = parseSqlType(text);
    expect(type).toBeDefined();
    if (type !== undefined) expect(formatSqlType(type)).toBe(text);
  });

  it.each([
    ['  bigint ', 'BIGINT'],
    ['numeric( 18 , 2 )', 'DECIMAL(18,2)'],
    ['TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ'],
    ['timestamp  with time zone []', 'TIMESTAMPTZ[]'],
  ])('reads "%s" as %s', (text, expected) => {
    const type = parseSqlType(text);
    expect(type === undefined ? undefined : formatSqlType(type)).toBe(expected);
  });

  it.each([
    '',
    '[]',
    'MONEY',
    'DECIMAL',
    'DECIMAL(0,0)',
    'DECIMAL(39,2)',
    'DECIMAL(5,6)',
    'DECIMAL(18)',
    'DECIMAL(18,-2)',
    'VARCHAR; DROP TABLE customer',
    'constructor',
    'STRUCT(a INTEGER)',
  ])('refuses "%s"', (text) => {
    expect(parseSqlType(text)).toBeUndefined();
  });
});
