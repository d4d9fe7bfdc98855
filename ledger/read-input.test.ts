import { describe, expect, it } from 'vitest';
import { inlineModel } from '../mapping/testing/inline-domain.ts';
import { identityShapes } from './identity-shape.ts';
import { readFields, readKey } from './read-input.ts';

const model = inlineModel({
  identity: `
    enum Tier { BASIC GOLD }
    type Customer @key(fields: "id") @table
      @identity(fields: "id name email visits points rate isActive since birthday limit tier") {
      id: ID! name: String email: String @match(as: "email") visits: Int points: BigInt rate: Float
      isActive: Boolean since: DateTime birthday: Date limit: Decimal @column(type: "DECIMAL(6,2)") tier: Tier
    }`,
});

function shape() {
  const found = identityShapes(model).get('Customer');
  if (found === undefined) throw new TypeError('There is no Customer.');
  return found;
}

function messageOf(field: string, wire: unknown): unknown {
  const read = readFields(shape(), { [field]: wire }, { isComplete: false, passesOver: false });
  return read.kind === 'read' ? read.value : read.problems;
}

describe('a value that a field of an identity cannot have', () => {
  it.each([
    ['name', true, 'name takes a text, and the boolean true came.'],
    ['name', ['Ada', 'Lovelace'], 'name takes a text, and the list ["Ada","Lovelace"] came.'],
    ['name', { first: 'Ada' }, 'name takes a text, and the object {"first":"Ada"} came.'],
    ['visits', 'often', 'visits takes a whole number of 32 bits, and the text "often" came.'],
    ['visits', 1.5, 'visits takes a whole number of 32 bits, and the number 1.5 came.'],
    ['visits', 2 ** 31, 'visits takes a whole number of 32 bits, and the number 2147483648 came.'],
    ['points', '1e3', 'points takes a whole number of 64 bits, and the text "1e3" came.'],
    ['rate', 'high', 'rate takes a number, and the text "high" came.'],
    ['isActive', 'yes', 'isActive takes true or false, and the text "yes" came.'],
    [
      'since',
      'yesterday',
      'since takes a time such as 2026-01-31T08:30:00Z, and the text "yesterday" came.',
    ],
    ['birthday', 20_000, 'birthday takes a date such as 2026-01-31, and the number 20000 came.'],
    [
      'limit',
      '12345.6',
      'limit takes a number with up to 4 digits before the point and 2 after it, and the text "12345.6" came.',
    ],
    ['tier', 'SILVER', 'tier takes a value of the enum Tier, and the text "SILVER" came.'],
    ['email', 'nobody', 'email takes an e-mail address, and the text "nobody" came.'],
    [
      'name',
      'a\u0000b',
      'name takes a text of whole characters without control characters, and "a\\u0000b" came.',
    ],
    [
      'name',
      'a\ud83d',
      'name takes a text of whole characters without control characters, and "a\\ud83d" came.',
    ],
    ['name', 'x'.repeat(10_001), 'name takes a text of up to 10000 characters, and 10001 came.'],
  ])('is refused with what it takes and what came: %s', (field, wire, message) => {
    expect(messageOf(field, wire)).toEqual([{ code: 'INVALID', message, field }]);
  });

  it('is shortened where it is long', () => {
    const [problem] = messageOf('visits', ['y'.repeat(500)]) as { message: string }[];
    expect(problem?.message).toMatch(/and the list \["y{60,80}… came\.$/);
  });

  it('is told of a key in the same words', () => {
    expect(readKey(shape(), { id: { text: 'C1' } })).toEqual({
      kind: 'refused',
      problems: [
        {
          code: 'INVALID',
          message: 'id takes a text, and the object {"text":"C1"} came.',
          field: 'id',
        },
      ],
    });
  });
});
