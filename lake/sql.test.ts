import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bindSlots,
  identifier,
  join,
  literal,
  render,
  slot,
  sql,
  table,
  toStatement,
  typeName,
  value,
  type LakeValue,
  type Sql,
} from './sql.ts';
import { openTempLake } from './testing/temp-lake.ts';

describe('sql', () => {
  it('composes fragments and numbers their parameters in the order of the text', () => {
    const filter = sql`${identifier('c', 'name')} = ${value('Ada')}`;
    const query = sql`SELECT ${identifier('id')} FROM ${table('sales', 'customer')} AS c WHERE ${filter} AND age > ${value(30)}`;
    expect(render(query)).toEqual({
      text: 'SELECT "id" FROM "sales"."customer" AS c WHERE "c"."name" = $1 AND age > $2',
      bindings: [
        { kind: 'value', value: 'Ada' },
        { kind: 'value', value: 30 },
      ],
    });
  });

  it('leaves a fragment as it is when another is made of it', () => {
    const one = sql`${value(1)}`;
    join([one, one, one], ', ');
    expect(render(one).text).toBe('$1');
    expect(render(join([one, one], ' OR ')).text).toBe('$1 OR $2');
  });

  it('joins none to nothing, and with a fragment between', () => {
    expect(render(join([], ', ')).text).toBe('');
    expect(render(join([sql`a`, sql`b`], sql` < ${value(1)} AND `)).text).toBe('a < $1 AND b');
  });

  it('gives a slot one number however often it is named, and its value when the statement runs', () => {
    const rendered = render(sql`SELECT ${slot('a')}, ${value('v')}, ${slot('b')}, ${slot('a')}`);
    expect(rendered.text).toBe('SELECT $1, $2, $3, $1');
    expect(bindSlots(rendered, { a: 1, b: null }).values).toEqual([1, 'v', null]);
    expect(() => bindSlots(rendered, { a: 1 })).toThrow('The slot "b" has no value.');
    expect(() => toStatement(sql`${slot('toString')}`)).toThrow(
      'The slot "toString" has no value.',
    );
  });

  it('keeps the number of a parameter apart from text that follows it', () => {
    expect(render(sql`SELECT ${value(1)}0`).text).toBe('SELECT $1 0');
    expect(render(sql`SELECT ${value(1)}::INTEGER`).text).toBe('SELECT $1::INTEGER');
  });

  it('writes types', () => {
    const type = { kind: 'LIST', of: { kind: 'DECIMAL', precision: 18, scale: 2 } } as const;
    expect(render(sql`CAST(x AS ${typeName(type)})`).text).toBe('CAST(x AS DECIMAL(18,2)[])');
  });
});

describe('sql, abused', () => {
  const forged: unknown[] = [
    'x; DROP TABLE y',
    7,
    null,
    { parts: ['x'] },
    ['x'],
    Object.create(Object.getPrototypeOf(sql`x`)),
  ];

  it.each(forged)('refuses %j in place of a fragment', (intruder) => {
    // As code without types would call it.
    expect(() => Reflect.apply(sql, undefined, [templateOf`SELECT ${0}`, intruder])).toThrow(
      TypeError,
    );
  });

  it('refuses strings that are no template', () => {
    const strings = Object.assign(['SELECT 1; DROP TABLE y'], { raw: ['x'] });
    expect(() => sql(strings)).toThrow(TypeError);
  });

  it('refuses parameters that the template numbers itself', () => {
    expect(() => sql`SELECT $1`).toThrow(TypeError);
  });

  it.each(['', 'a\0b'])('refuses the name %j', (name) => {
    expect(() => identifier(name)).toThrow(TypeError);
  });
});

describe('what goes in comes out of DuckDB', () => {
  it('for any name', async () => {
    const lake = await openTempLake();
    const anyName = fc
      .string({ minLength: 1, unit: 'binary' })
      .filter((name) => !name.includes('\0'));
    await fc.assert(
      fc.asyncProperty(anyName, async (name) => {
        const { columnNames } = await lake.read(sql`SELECT 1 AS ${identifier(name)}`);
        expect(columnNames).toEqual([name]);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it('for any constant and any parameter', async () => {
    const lake = await openTempLake();
    const anyValue: fc.Arbitrary<LakeValue> = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(anyValue, async (original) => {
        const cast = castOf(original);
        const constant = typeof original === 'object' ? null : original;
        const { columns } = await lake.read(
          sql`SELECT CAST(${literal(constant)} AS ${cast}), CAST(${value(original)} AS ${cast})`,
        );
        expect(columns).toEqual([[original], [original]]);
      }),
      {
        numRuns: 300,
        seed: 1,
        examples: [[-0], [Number.NaN], [-Infinity], [''], ['\0'], ["'\0'"], [5e-324]],
      },
    );
  });

  it('for a negative constant after a minus', async () => {
    const lake = await openTempLake();
    const { columns } = await lake.read(sql`SELECT 1-${literal(-5)}, 1-${literal(-5n)}`);
    expect(columns).toEqual([[6], [6]]);
  });
});

function castOf(original: LakeValue): Sql {
  switch (typeof original) {
    case 'bigint':
      return sql`BIGINT`;
    case 'number':
      return sql`DOUBLE`;
    case 'boolean':
      return sql`BOOLEAN`;
    default:
      return sql`VARCHAR`;
  }
}

function templateOf(
  strings: TemplateStringsArray,
  ..._values: readonly unknown[]
): TemplateStringsArray {
  return strings;
}
