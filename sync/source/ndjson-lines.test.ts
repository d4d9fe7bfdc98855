import { describe, expect, it } from 'vitest';
import { keepDigits } from './json-rows.ts';
import { LineProblems, readNdjson } from './ndjson-lines.ts';

async function batchesOf(
  ...chunks: readonly (string | Uint8Array)[]
): Promise<readonly (readonly string[])[]> {
  const batches: (readonly string[])[] = [];
  const source = (async function* () {
    await Promise.resolve();
    yield* chunks;
  })();
  for await (const batch of readNdjson(source)) batches.push(batch);
  return batches;
}

describe('lines of JSON', () => {
  it('are the same however they are cut', async () => {
    const bytes = Buffer.from('{"a":"ü"}\r\n\n  \n{"a":2}\n{"a":3}');
    const whole = await batchesOf(bytes);
    expect(whole).toEqual([['{"a":"ü"}\r', '{"a":2}', '{"a":3}']]);
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await batchesOf(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(whole);
    expect(await batchesOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    expect(await batchesOf()).toEqual([]);
  });

  it('come in batches', async () => {
    const batches = await batchesOf('{"a":1}\n'.repeat(45_000));
    expect(batches.map(({ length }) => length)).toEqual([20_000, 20_000, 5_000]);
    const long = await batchesOf(
      ...Array.from({ length: 20 }, () => `{"a":"${'x'.repeat(1_000_000)}"}\n`),
    );
    expect(long.length).toBeGreaterThan(1);
  });

  it('count, also those that are blank or too long', async () => {
    const problems = await batchesOf(`\n{"a":"${'x'.repeat(1_100_000)}"}\n\n1\n`).catch(
      (error: unknown) => error,
    );
    expect(problems).toBeInstanceOf(LineProblems);
    expect((problems as LineProblems).message).toBe(
      'Line 2 has more than 1048576 bytes. Line 4 is no JSON object.',
    );
  });
});

describe('blank lines', () => {
  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r\n'],
    ['spaces', ' \t\n'],
    ['a space that only Unicode knows', '\u00a0\n'],
  ])('are skipped, and refused where there are a million of %s', async (_, blank) => {
    const few = blank.repeat(999_000);
    expect(await batchesOf('{"a":1}\n', few, '{"a":2}')).toEqual([['{"a":1}', '{"a":2}']]);
    const many = batchesOf(...Array.from({ length: 1_001 }, () => blank.repeat(1_000)));
    await expect(many).rejects.toThrow(/^Line 1\d{6} comes after more than 1000000 blank lines\.$/);
  });

  it('may be as many as the rows', async () => {
    const { length } = (await batchesOf('\n{"a":1}\n'.repeat(1_010_000))).flat();
    expect(length).toBe(1_010_000);
  });
});

describe('a number with many digits', () => {
  it.each([
    ['{"a":12345678901234567.89}', '{"a":"12345678901234567.89"}'],
    ['{"a": -0.12345678901234567 ,"b":1}', '{"a": "-0.12345678901234567" ,"b":1}'],
    ['{"a":[12345678901234567890]}', '{"a":["12345678901234567890"]}'],
    ['{"12345678901234567":"12345678901234567"}', '{"12345678901234567":"12345678901234567"}'],
    ['{"a":"\\"12345678901234567"}', '{"a":"\\"12345678901234567"}'],
    ['{"a":1.5,"b":1e300,"c":true}', '{"a":1.5,"b":1e300,"c":true}'],
    ['{"a":12345678901234567e2}', '{"a":"12345678901234567e2"}'],
  ])('%s is kept as %s', (json, kept) => {
    expect(keepDigits(json)).toBe(kept);
  });
});
