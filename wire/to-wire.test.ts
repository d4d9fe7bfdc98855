import {
  DuckDBDateValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBConnection,
} from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import type { WireType } from '../mapping/model.ts';
import { decimalText } from './decimal-text.ts';
import { compileWireWriter, type WireOptions } from './to-wire.ts';

const asNumbers: WireOptions = { decimals: 'number' };
const asStrings: WireOptions = { decimals: 'string' };
const tier: WireType = { kind: 'enum', name: 'Tier', values: new Set(['GOLD', 'SILVER']) };

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
  await connection.run("SET TimeZone = 'Asia/Kathmandu'");
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function select(expression: string): Promise<unknown> {
  const result = await connection.runAndReadAll(`SELECT ${expression}`);
  return result.getRows()[0]?.[0];
}

async function write(expression: string, type: WireType, options = asNumbers): Promise<unknown> {
  return compileWireWriter(type)(await select(expression), options);
}

async function codeOf(expression: string, type: WireType, options = asNumbers): Promise<string> {
  const value = await select(expression);
  try {
    compileWireWriter(type)(value, options);
  } catch (error) {
    if (error instanceof TributaryError && error.isShownToClients) return error.code;
    throw error;
  }
  return 'no error';
}

/** Digits without exponent and closing zeros, so that two ways to write one number are one text. */
function plain(text: string): string {
  const [mantissa = '', exponent = '0'] = text.replace(/^-/, '').split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const point = whole.length + Number(exponent);
  const digits = `${'0'.repeat(60)}${whole}${fraction}`.padEnd(200, '0');
  return `${text.startsWith('-')} ${digits.slice(0, point + 60)}.${digits.slice(point + 60)}`
    .replace(/ 0+/, ' ')
    .replace(/0+$/, '');
}

describe('values of the lake in JSON form', () => {
  it('keeps null', async () => {
    for (const kind of ['id', 'int', 'float', 'boolean', 'bigInt', 'dateTime', 'date'] as const) {
      expect(await write('NULL', { kind })).toBe(null);
    }
    expect(await write('NULL::DECIMAL(10,2)', { kind: 'decimal', scale: 2 })).toBe(null);
    expect(await write('NULL', tier)).toBe(null);
  });

  it('writes texts, and keys of any type as text', async () => {
    expect(await write('\'Zoë "😀"\'', { kind: 'string' })).toBe('Zoë "😀"');
    expect(await write('9007199254740993::BIGINT', { kind: 'id' })).toBe('9007199254740993');
    expect(await write('7::INTEGER', { kind: 'id' })).toBe('7');
    expect(await write("DATE '2026-01-31'", { kind: 'string' })).toBe('2026-01-31');
    expect(await write('1.50::DECIMAL(5,2)', { kind: 'string' })).toBe('1.50');
    expect(await codeOf("'x'::BLOB", { kind: 'string' })).toBe('WIRE_TYPE_MISMATCH');
  });

  it('holds an Int to 32 bits', async () => {
    expect(await write('2147483647::BIGINT', { kind: 'int' })).toBe(2_147_483_647);
    expect(await write('-2147483648::BIGINT', { kind: 'int' })).toBe(-2_147_483_648);
    expect(await codeOf('2147483648::BIGINT', { kind: 'int' })).toBe('WIRE_INT_RANGE');
    expect(await codeOf('1.5::DOUBLE', { kind: 'int' })).toBe('WIRE_TYPE_MISMATCH');
    expect(await codeOf("'5'", { kind: 'int' })).toBe('WIRE_TYPE_MISMATCH');
  });

  it('refuses numbers that JSON cannot hold', async () => {
    expect(await write('1.5::DOUBLE', { kind: 'float' })).toBe(1.5);
    for (const value of ['NaN', 'Infinity', '-Infinity']) {
      expect(await codeOf(`'${value}'::DOUBLE`, { kind: 'float' })).toBe('WIRE_NOT_FINITE');
    }
  });

  it('writes 64-bit integers as strings', async () => {
    expect(await write("'-9223372036854775808'::BIGINT", { kind: 'bigInt' })).toBe(
      '-9223372036854775808',
    );
    expect(await write('5::INTEGER', { kind: 'bigInt' })).toBe('5');
  });

  it('writes what an enum lists, and nothing else', async () => {
    expect(await write("'GOLD'", tier)).toBe('GOLD');
    expect(await codeOf("'gold'", tier)).toBe('WIRE_ENUM_VALUE');
    await expect(write("'LEAD'", tier)).rejects.toThrow(
      'The stored value "LEAD" is not one of the enum Tier.',
    );
  });

  it('shows only the beginning of a long value', async () => {
    const error = await write("repeat('x', 10000)", tier).catch((caught: unknown) => caught);
    expect((error as Error).message.length).toBeLessThan(120);
  });

  it('writes lists item by item', async () => {
    const nullable: WireType = { kind: 'list', of: tier, hasNonNullItems: false };
    expect(await write("['GOLD', NULL]", nullable)).toEqual(['GOLD', null]);
    expect(await write("['GOLD']", { ...nullable, hasNonNullItems: true })).toEqual(['GOLD']);
    expect(await codeOf("['GOLD', NULL]", { ...nullable, hasNonNullItems: true })).toBe(
      'WIRE_NULL_ITEM',
    );
    expect(await codeOf("['LEAD']", nullable)).toBe('WIRE_ENUM_VALUE');
    const decimals: WireType = {
      kind: 'list',
      of: { kind: 'decimal', scale: 2 },
      hasNonNullItems: true,
    };
    expect(await write('[1.5::DECIMAL(5,2)]', decimals, asStrings)).toEqual(['1.50']);
  });
});

describe('times', () => {
  it('writes a fraction only where there is one, in three or six digits', async () => {
    const dateTime: WireType = { kind: 'dateTime' };
    expect(await write("TIMESTAMPTZ '2026-01-31 10:30:00+02'", dateTime)).toBe(
      '2026-01-31T08:30:00Z',
    );
    expect(await write("TIMESTAMPTZ '2026-01-31 08:30:00.5+00'", dateTime)).toBe(
      '2026-01-31T08:30:00.500Z',
    );
    expect(await write("TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", dateTime)).toBe(
      '1969-12-31T23:59:59.999999Z',
    );
    expect(await write("TIMESTAMPTZ '2026-01-31 08:30:00.00001+00'", dateTime)).toBe(
      '2026-01-31T08:30:00.000010Z',
    );
  });

  it('refuses infinity and years that need more or fewer than four digits', async () => {
    expect(await codeOf("'infinity'::TIMESTAMPTZ", { kind: 'dateTime' })).toBe('WIRE_TIME_RANGE');
    expect(await codeOf("'-infinity'::TIMESTAMPTZ", { kind: 'dateTime' })).toBe('WIRE_TIME_RANGE');
    expect(await codeOf("'infinity'::DATE", { kind: 'date' })).toBe('WIRE_TIME_RANGE');
    expect(await codeOf("DATE '10000-01-01'", { kind: 'date' })).toBe('WIRE_TIME_RANGE');
    expect(await codeOf("DATE '0044-03-15 (BC)'", { kind: 'date' })).toBe('WIRE_TIME_RANGE');
    await expect(write("'infinity'::DATE", { kind: 'date' })).rejects.toThrow(/value infinity/);
    expect(await write("DATE '0999-12-31'", { kind: 'date' })).toBe('0999-12-31');
    expect(await write("DATE '9999-12-31'", { kind: 'date' })).toBe('9999-12-31');
  });

  it('agrees with the lake on every day and every microsecond', async () => {
    const day = fc.integer({ min: -719_162, max: 2_932_896 });
    const micros = fc.bigInt({
      min: -719_162n * 86_400_000_000n,
      max: 2_932_897n * 86_400_000_000n - 1n,
    });
    await fc.assert(
      fc.asyncProperty(day, micros, async (days, instant) => {
        const date = compileWireWriter({ kind: 'date' })(new DuckDBDateValue(days), asNumbers);
        expect(await select(`DATE '${String(date)}' - DATE '1970-01-01'`)).toBe(BigInt(days));
        const value = new DuckDBTimestampTZValue(instant);
        const text = compileWireWriter({ kind: 'dateTime' })(value, asNumbers);
        expect(await select(`epoch_us(TIMESTAMPTZ '${String(text)}')`)).toBe(instant);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('decimals', () => {
  it('writes a number at its scale, or a string with all digits', async () => {
    const money: WireType = { kind: 'decimal', scale: 2 };
    expect(await write('12.50::DECIMAL(18,2)', money)).toBe(12.5);
    expect(await write('12.50::DECIMAL(18,2)', money, asStrings)).toBe('12.50');
    expect(await write('-0.05::DECIMAL(18,2)', money, asStrings)).toBe('-0.05');
    expect(await write('7::DECIMAL(18,0)', { kind: 'decimal', scale: 0 }, asStrings)).toBe('7');
  });

  it('refuses a number that would be another one, and names the setting', async () => {
    const money: WireType = { kind: 'decimal', scale: 2 };
    expect(await codeOf('90071992547409.92::DECIMAL(18,2)', money)).toBe('no error');
    expect(await codeOf('9007199254740993.01::DECIMAL(18,2)', money)).toBe('WIRE_DECIMAL_INEXACT');
    expect(await codeOf('9007199254740993.01::DECIMAL(18,2)', money, asStrings)).toBe('no error');
    const error = await write('9007199254740993.01::DECIMAL(18,2)', money).catch(
      (caught: unknown) => caught,
    );
    expect((error as TributaryError).hint).toContain('graph.decimals: string');
    expect((error as TributaryError).hint).toContain('x-tributary-decimals: string');
  });

  it('agrees with the lake for every scale: exact, or an error', async () => {
    const digits = fc.bigInt({ min: 1n - 10n ** 38n, max: 10n ** 38n - 1n });
    const size = fc.integer({ min: 0, max: 37 });
    await fc.assert(
      fc.asyncProperty(digits, size, fc.integer({ min: 0, max: 38 }), async (raw, cut, scale) => {
        const unscaled = raw / 10n ** BigInt(cut);
        const type: WireType = { kind: 'decimal', scale };
        const exact = `(${unscaled}::HUGEINT)`;
        const value = await select(`'${decimalText(unscaled, scale)}'::DECIMAL(38,${scale})`);
        const text = String(compileWireWriter(type)(value, asStrings));
        expect(text.split('.')[1]?.length ?? 0).toBe(scale);
        expect(await select(`replace('${text}', '.', '')::HUGEINT = ${exact}`)).toBe(true);
        let json: string;
        try {
          json = JSON.stringify(compileWireWriter(type)(value, asNumbers));
        } catch {
          expect(String(unscaled).replaceAll(/^-|0+$/g, '').length).toBeGreaterThan(15);
          return;
        }
        expect(plain(json)).toBe(plain(text));
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
