import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LakeValue } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { Order, OrderTerm } from './order.ts';

const id = fieldTerm('id', { kind: 'VARCHAR' });
const order: Order = [fieldTerm('worth', { kind: 'DECIMAL', precision: 18, scale: 2 }), id];
const place = [new DuckDBDecimalValue(-1250n, 18, 2), 'C1'];
const list = 'customers';
const cursor = formatCursor(list, order, place);

describe('a cursor', () => {
  it('leads back to the place that it was made for', () => {
    expect(parseCursor(list, order, cursor)).toEqual({ kind: 'place', place });
  });

  it.each<[SqlType, readonly LakeValue[]]>([
    [{ kind: 'VARCHAR' }, ['', 'a', '\0', 'é', '慕容', '😀', '"', '\u2028', 'x'.repeat(10_000)]],
    [{ kind: 'INTEGER' }, [0, -1, 2_147_483_647, -2_147_483_648]],
    [{ kind: 'BIGINT' }, [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n]],
    [
      { kind: 'DOUBLE' },
      [0, 0.1, -1e-320, 1e308, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, -Infinity, 2 ** 53],
    ],
    [{ kind: 'BOOLEAN' }, [true, false]],
    [
      { kind: 'TIMESTAMPTZ' },
      [0n, -1n, 1_700_000_000_123_456n, 2n ** 63n - 1n].map(
        (micros) => new DuckDBTimestampTZValue(micros),
      ),
    ],
    [{ kind: 'DATE' }, [0, -1, 20_000, 2_147_483_647].map((days) => new DuckDBDateValue(days))],
    [
      { kind: 'DECIMAL', precision: 38, scale: 3 },
      [0n, -1n, 10n ** 38n - 1n].map((digits) => new DuckDBDecimalValue(digits, 38, 3)),
    ],
    [
      { kind: 'LIST', of: { kind: 'VARCHAR' } },
      [[], ['a'], ['a', null, '']].map((items) => new DuckDBListValue(items)),
    ],
  ])('keeps values of the type %o exactly, and null', (type, values) => {
    const typed = [fieldTerm('any', type)];
    for (const value of [...values, null]) {
      const text = formatCursor(list, typed, [value]);
      expect(parseCursor(list, typed, text)).toEqual({ kind: 'place', place: [value] });
    }
  });

  it.each<[string, string, Order]>([
    ['another list', 'suppliers', order],
    ['the same rows in another way', list, [descending(order[0]), id]],
    ['the same rows with missing values elsewhere', list, [nullsFirst(order[0]), id]],
    ['fewer terms', list, [id]],
    ['the terms the other way round', list, order.toReversed()],
    ['a field that has another type now', list, [fieldTerm('worth', { kind: 'DOUBLE' }), id]],
  ])('is no cursor of %s', (_, otherList, otherOrder) => {
    expect(parseCursor(otherList, otherOrder, cursor)).toEqual({ kind: 'foreign' });
  });

  it('by rank belongs to its search', () => {
    const text = formatCursor(list, [rankTerm('ada')], [0.5]);
    expect(parseCursor(list, [rankTerm('ada')], text)).toEqual({ kind: 'place', place: [0.5] });
    expect(parseCursor(list, [rankTerm('bob')], text)).toEqual({ kind: 'foreign' });
  });

  it('that was cut, changed or added to is none', () => {
    for (let length = 0; length < cursor.length; length++) {
      expect(parseCursor(list, order, cursor.slice(0, length))).toEqual({ kind: 'invalid' });
      const other = cursor[length] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, length) + other + cursor.slice(length + 1);
      expect(parseCursor(list, order, changed)).toEqual({ kind: 'invalid' });
    }
    for (const added of ['A', '=', ' ', '\n', cursor]) {
      expect(parseCursor(list, order, cursor + added)).toEqual({ kind: 'invalid' });
    }
    expect(parseCursor(list, order, cursor.toLowerCase())).toEqual({ kind: 'invalid' });
  });

  it.each<[string, SqlType, unknown]>([
    ['a number where a text belongs', { kind: 'VARCHAR' }, 7],
    ['an object', { kind: 'VARCHAR' }, {}],
    ['a number beyond 32 bits', { kind: 'INTEGER' }, '2147483648'],
    ['a number beyond 64 bits', { kind: 'BIGINT' }, '9223372036854775808'],
    ['a bare number', { kind: 'BIGINT' }, 7],
    ['a fraction', { kind: 'BIGINT' }, '7.0'],
    ['a sign', { kind: 'BIGINT' }, '+7'],
    ['leading zeros', { kind: 'BIGINT' }, '007'],
    ['hexadecimal', { kind: 'BIGINT' }, '0x7'],
    ['other digits', { kind: 'BIGINT' }, '٧'],
    ['very many digits', { kind: 'BIGINT' }, '9'.repeat(100_000)],
    ['SQL', { kind: 'BIGINT' }, "7' OR 1=1"],
    ['more digits than the column has', { kind: 'DECIMAL', precision: 3, scale: 1 }, '1000'],
    ['another spelling of a number', { kind: 'DOUBLE' }, '1e0'],
    ['no number', { kind: 'DOUBLE' }, 'one'],
    ['a text for a Boolean', { kind: 'BOOLEAN' }, 'true'],
    ['a written time', { kind: 'TIMESTAMPTZ' }, '2026-01-01T00:00:00Z'],
    ['a written day', { kind: 'DATE' }, '2026-01-01'],
    ['no list', { kind: 'LIST', of: { kind: 'VARCHAR' } }, 'a'],
    ['a list of something else', { kind: 'LIST', of: { kind: 'VARCHAR' } }, [1]],
  ])('that was forged with a right checksum is none: %s', (_, type, value) => {
    const typed = [fieldTerm('any', type)];
    expect(parseCursor(list, typed, forged(typed, [value]))).toEqual({ kind: 'invalid' });
  });

  it('that was forged with too few or too many values is none', () => {
    expect(parseCursor(list, order, forged(order, ['1']))).toEqual({ kind: 'invalid' });
    expect(parseCursor(list, order, forged(order, ['1', 'C1', 'C1']))).toEqual({ kind: 'invalid' });
  });

  it('never fails to be read, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseCursor(list, order, text)).toEqual({ kind: 'invalid' });
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = withChecksum(JSON.stringify(value));
        expect(parseCursor(list, order, text).kind).not.toBe('place');
      }),
    );
  });
});

function fieldTerm(name: string, sqlType: SqlType): OrderTerm {
  const location = { file: 'shop.graphql' };
  const owner = {
    domain: 'sales',
    name: 'Customer',
    table: 'customer',
    keys: [{ fields: ['id'], isResolvable: true }],
    leanFields: undefined,
    match: undefined,
    relatedTables: [],
    fields: [],
    relations: [],
    computed: [],
    location,
  } as const;
  const entity = {
    name: 'Customer',
    identity: owner,
    parts: [owner],
    keyFields: [],
    fields: [],
    relations: [],
  };
  const field = {
    name,
    expression: { kind: 'column', column: name },
    sqlType,
    wireType: { kind: 'string' },
    isNonNull: false,
    isInaccessible: false,
    defaultValue: undefined,
    location,
  } as const;
  const path = { via: [], entity, source: { owner, field } };
  return { by: { kind: 'field', path, sqlType }, isDescending: false, hasNullsFirst: false };
}

function rankTerm(word: string): OrderTerm {
  const by = { kind: 'rank', search: { words: [word], fields: [] } } as const;
  return { by, isDescending: true, hasNullsFirst: false };
}

function descending(term: OrderTerm | undefined): OrderTerm {
  return { ...(term ?? id), isDescending: true };
}

function nullsFirst(term: OrderTerm | undefined): OrderTerm {
  return { ...(term ?? id), hasNullsFirst: true };
}

/** As somebody would make one who reads this file. */
function forged(forOrder: Order, values: readonly unknown[]): string {
  const real = formatCursor(
    list,
    forOrder,
    forOrder.map(() => null),
  );
  const body: unknown = JSON.parse(Buffer.from(real, 'base64url').subarray(5).toString());
  const [digest] = Array.isArray(body) ? body : [];
  return withChecksum(JSON.stringify([digest, ...values]));
}

function withChecksum(body: string): string {
  const bytes = Buffer.concat([Buffer.alloc(5), Buffer.from(body)]);
  bytes.writeUInt8(1);
  bytes.writeUInt32BE(crc32(bytes.subarray(5)), 1);
  return bytes.toString('base64url');
}
