import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCursor, parseCursor } from './cursor.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it('leads back to the place that it was made for', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), fc.string(), (sequence, list) => {
        expect(parseCursor(list, formatCursor(list, sequence))).toBe(sequence);
      }),
    );
  });

  it('is of no other list', () => {
    expect(parseCursor('invoices', formatCursor('customers', 7n))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no base64', '***'],
    ['no JSON', encode('customers:7')],
    ['a number', encode('7')],
    ['null', encode('null')],
    ['an object', encode('{"1":"7"}')],
    ['a list of one', encode('["customers"]')],
    ['a list of three', encode('["customers","7","8"]')],
    ['a place that is a number', encode('["customers",7]')],
    ['a negative place', encode('["customers","-7"]')],
    ['a place with a sign', encode('["customers","+7"]')],
    ['a place with a fraction', encode('["customers","7.0"]')],
    ['a place in hexadecimal', encode('["customers","0x7"]')],
    ['a place with leading zeros', encode('["customers","007"]')],
    ['a place that no lake reaches', encode(`["customers","${'9'.repeat(19)}"]`)],
    ['a huge place', encode(`["customers","${'9'.repeat(100_000)}"]`)],
    ['a place in other digits', encode('["customers","٧"]')],
    ['another spelling', encode('["customers", "7"]')],
    ['padding', `${formatCursor('customers', 7n)}=`],
    ['a cursor that was cut', formatCursor('customers', 7n).slice(0, -2)],
    ['a cursor with something after it', `${formatCursor('customers', 7n)}AA`],
    ['a cursor twice', formatCursor('customers', 7n).repeat(2)],
    ['SQL', encode(`["customers","7' OR 1=1"]`)],
  ])('that was forged is none: %s', (_, cursor) => {
    expect(parseCursor('customers', cursor)).toBeUndefined();
  });

  it('never fails, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseCursor('customers', text)).not.toThrow();
      }),
    );
  });
});
