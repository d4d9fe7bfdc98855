import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Expression } from './model.ts';
import { parseExpression } from './parse-expression.ts';
import { errorOf } from './testing/inline-domain.ts';
import { expressions, printExpression } from './testing/random-expression.ts';

const at = { file: 'schema.graphql', line: 3, column: 5 };
const parse = (text: string): Expression => parseExpression(text, at);
const column = (name: string): Expression => ({ kind: 'column', column: name });
const constant = (value: string | number | boolean | null): Expression => ({
  kind: 'constant',
  value,
});
const problemOf = (text: string): string => errorOf(() => parse(text)).message;

describe('what an expression is made of', () => {
  it('reads columns as they are spelt, also those that need quotes', () => {
    expect(parse('first_name')).toEqual(column('first_name'));
    expect(parse('FirstName')).toEqual(column('FirstName'));
    expect(parse('größe')).toEqual(column('größe'));
    expect(parse('"order by"')).toEqual(column('order by'));
    expect(parse('"say ""hi"""')).toEqual(column('say "hi"'));
    expect(parse('"case"')).toEqual(column('case'));
    expect(parse('sum')).toEqual(column('sum'));
  });

  it('reads constants of every kind', () => {
    expect(parse("'it''s'")).toEqual(constant("it's"));
    expect(parse("''")).toEqual(constant(''));
    expect(parse('12.50')).toEqual(constant(12.5));
    expect(parse('-3')).toEqual(constant(-3));
    expect(parse('TRUE')).toEqual(constant(true));
    expect(parse('Null')).toEqual(constant(null));
  });

  it('reads a concatenation of any number of parts as one', () => {
    expect(parse("a || ' ' || b")).toEqual({
      kind: 'concat',
      parts: [column('a'), constant(' '), column('b')],
    });
  });

  it('reads casts to every column type', () => {
    for (const type of [
      'VARCHAR',
      'DECIMAL(10,2)',
      'TIMESTAMPTZ',
      'TIMESTAMP WITH TIME ZONE',
      'VARCHAR[]',
    ]) {
      expect(parse(`cast(a as ${type})`)).toMatchObject({ kind: 'cast', value: column('a') });
    }
    expect(parse('CAST(a AS decimal( 10 , 2 ))')).toEqual({
      kind: 'cast',
      value: column('a'),
      type: { kind: 'DECIMAL', precision: 10, scale: 2 },
    });
  });

  it('reads a value map with and without a rest', () => {
    expect(parse("case tier when 'G' then 'GOLD' when 'S' then 'SILVER' else tier end")).toEqual({
      kind: 'case',
      subject: column('tier'),
      whens: [
        { when: constant('G'), then: constant('GOLD') },
        { when: constant('S'), then: constant('SILVER') },
      ],
      otherwise: column('tier'),
    });
    expect(parse("case tier when 'G' then 'GOLD' end")).toMatchObject({ otherwise: undefined });
  });

  it('reads calls, and aggregates of a related table', () => {
    expect(parse("coalesce(rep, 'nobody')")).toEqual({
      kind: 'call',
      name: 'coalesce',
      parts: [column('rep'), constant('nobody')],
    });
    expect(parse('count(invoice)')).toEqual({
      kind: 'aggregate',
      name: 'count',
      table: 'invoice',
      value: undefined,
    });
    expect(parse('SUM(invoice.net + invoice.tax) + base')).toEqual({
      kind: 'arithmetic',
      operator: '+',
      left: {
        kind: 'aggregate',
        name: 'sum',
        table: 'invoice',
        value: { kind: 'arithmetic', operator: '+', left: column('net'), right: column('tax') },
      },
      right: column('base'),
    });
    expect(parse('max("order line"."line no")')).toMatchObject({
      table: 'order line',
      value: column('line no'),
    });
  });
});

describe('precedence', () => {
  it('multiplies before it adds, and adds before it concatenates', () => {
    expect(parse("'n' || a + b * c")).toEqual(parse("'n' || (a + (b * c))"));
  });

  it('goes from left to right', () => {
    expect(parse('a - b - c')).toEqual(parse('(a - b) - c'));
    expect(parse('a / b * c')).toEqual(parse('(a / b) * c'));
    expect(parse('a -1')).toEqual(parse('a - 1'));
  });

  it('lets parentheses decide', () => {
    expect(parse('(a + b) * c')).not.toEqual(parse('a + b * c'));
  });
});

describe('what is refused', () => {
  it.each([
    ['', 'it ends where a value was expected'],
    ['a +', 'it ends where a value was expected'],
    ['a b', 'its end was expected where "b" stands, at character 3'],
    ['a, b', 'its end was expected where "," stands, at character 2'],
    ['(a', 'it ends where ")" was expected'],
    ['lower(a', 'it ends where ")" was expected'],
    ['-a', 'a value was expected where "-" stands, at character 1'],
    ['a; drop table x', 'nothing can start with "; drop table'],
    ["'open", 'nothing can start with "\'open'],
    ['a -- b', 'a value was expected where "-" stands'],
    ['a[1]', 'its end was expected where "[" stands'],
    ['a::int', 'nothing can start with "::int'],
    ['$1', 'nothing can start with "$1'],
    ["read_csv('/etc/passwd')", 'there is no function read_csv'],
    ['constructor(a)', 'there is no function constructor'],
    ['when', '"when" is a keyword'],
    ['case when a then b end', 'a case compares one value'],
    ['case a end', '"when" was expected where "end" stands'],
    ["case a when 'x' then 'y'", 'it ends where "end" was expected'],
    ['cast(a as HUGEINT)', '"HUGEINT" is not a type'],
    ['cast(a as DECIMAL)', '"DECIMAL" is not a type'],
    ['cast(a as (((', 'it ends where ")" was expected'],
    ['cast(a, b)', '"as" was expected where "," stands'],
    ['nullif(a)', 'nullif() takes 2 arguments, not 1'],
    ['lower(a, b)', 'lower() takes 1 argument, not 2'],
    ['coalesce()', 'a value was expected where ")" stands'],
    ['invoice.total', 'invoice.… names another table, which only an aggregate may read'],
    ['sum(total)', 'inside an aggregate a column needs its table, as in invoice.total'],
    ['sum(1)', 'sum() needs a column of a related table'],
    ['sum(a.x + b.y)', 'one aggregate reads one table, not both a and b'],
    ['sum(a.x + max(a.y))', 'an aggregate cannot stand inside another'],
    ['count(*)', 'a name was expected where "*" stands'],
    ['12345678901234567890', '12345678901234567890 has more than 15 digits'],
    ['0.1234567890123456', 'has more than 15 digits'],
  ])('%s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });

  it('names the place in the schema', () => {
    expect(errorOf(() => parse('a +'))).toMatchObject({ code: 'MAPPING_EXPRESSION_INVALID', at });
  });

  it('ends with an error, not with an exhausted stack, however deeply it is nested', () => {
    expect(problemOf('('.repeat(100_000))).toContain('nested too deeply');
    expect(problemOf('lower('.repeat(100_000))).toContain('nested too deeply');
    expect(problemOf(`a${' + a'.repeat(100_000)}`)).toContain('operators follow each other');
    expect(problemOf('case a when '.repeat(100_000))).toContain('nested too deeply');
  });

  it('keeps its message short for a text that is long', () => {
    expect(problemOf(`a ${'x'.repeat(100_000)}`).length).toBeLessThan(600);
  });

  it('never takes a NUL, which would end an SQL text early', () => {
    expect(problemOf("'a\0b'")).toContain('nothing can start with');
  });

  it('raises nothing but its own error, whatever the text', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '(',
      ')',
      '||',
      '.',
      'case',
      'when',
      'then',
      'end',
      'cast',
      'as',
      ',',
      'a',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(piece, { maxLength: 30 }).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(text, (hostile) => {
        try {
          parse(hostile);
        } catch (error) {
          expect(error).toMatchObject({ code: 'MAPPING_EXPRESSION_INVALID' });
        }
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });
});

it('reads back what is printed of any expression', () => {
  fc.assert(
    fc.property(expressions(), (expression) => {
      expect(parse(printExpression(expression))).toEqual(expression);
    }),
    { seed: 3, numRuns: 1_000 },
  );
});
