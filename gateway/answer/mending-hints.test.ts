import { describe, expect, it } from 'vitest';
import { mendingHint } from './mending-hints.ts';

describe('a hint for a common mistake', () => {
  it.each([
    [
      'Enum "SupportTierInput" cannot represent non-enum value: "GOLD". Did you mean the enum value "GOLD"?',
      'A value of an enum is written without quotes: GOLD.',
    ],
    [
      'Expected value of type "StringCondition", found "x".',
      'A condition names an operator: { eq: "x" }.',
    ],
    [
      'Expected value of type "IntCondition", found 3.',
      'A condition names an operator: { eq: 3 }.',
    ],
    [
      'Expected value of type "IntRange", found [1, 2].',
      'Both ends are named: { from: …, to: … }.',
    ],
    [
      'Expected value of type "[CustomerGroupBy!]", found salesRep.',
      'Each thing to group by is an object: [{ field: salesRep }].',
    ],
    [
      'Expected value of type "[CustomerOrder]", found name.',
      'Each thing to sort by is an object: [{ name: ASC }].',
    ],
    [
      'Expected value of type "CustomerSearch", found "kunze".',
      'What to search for is an object: { text: "kunze" }.',
    ],
    [
      'Field "status" is not defined by type "InvoiceListFilter".',
      'Say which of the related rows: { some: { status: … } }, or every, none, count, having.',
    ],
    [
      'Cannot query field "id" on type "CustomerConnection".',
      'The rows of a page are its nodes: { nodes { id } }.',
    ],
    [
      'Variable "$tier" of type "SupportTier" used in position expecting type "SupportTierInput".',
      'Declare the variable as $tier: SupportTierInput.',
    ],
  ])('%s', (message, hint) => {
    expect(mendingHint(message)).toBe(hint);
  });

  it('is none where there is nothing better to say', () => {
    expect(mendingHint('Cannot query field "colour" on type "Customer".')).toBeUndefined();
  });
});
