import { exampleCustomer } from './customer-number.ts';
import type { Random } from './random.ts';

/** A domain knows nine customers in ten; each domain draws for itself. */
export function isKnownToDomain(random: Random, customer: number): boolean {
  const isMissing = random.oneIn(10);
  return !isMissing || customer === exampleCustomer;
}

/** One in twenty of the fields that may be null is null. */
export function orNull<Value>(random: Random, customer: number, value: Value): Value | null {
  const isNull = random.oneIn(20);
  return isNull && customer !== exampleCustomer ? null : value;
}
