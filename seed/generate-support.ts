import { customerId, exampleCustomer } from './customer-number.ts';
import { isKnownToDomain, orNull } from './presence.ts';
import { type Random, weighted } from './random.ts';
import type { RowOf, supportCustomers } from './tables.ts';

/** What support knows of a customer, or undefined when it does not know the customer. */
export function generateSupport(
  random: Random,
  customer: number,
): RowOf<typeof supportCustomers> | undefined {
  random.seek(customer, 'support');
  if (!isKnownToDomain(random, customer)) return undefined;
  return {
    id: customerId(customer),
    support_tier: orNull(random, customer, random.pick(tiers)),
    lifetime_tickets: orNull(random, customer, drawTickets(random, customer)),
  };
}

const tiers = weighted(['BRONZE', 55], ['SILVER', 28], ['GOLD', 12], ['PLATINUM', 5]);

/** Most customers open a handful of tickets; one in five hundred opens thousands. */
function drawTickets(random: Random, customer: number): number {
  if (customer === exampleCustomer) return 1 + random.below(20);
  if (random.oneIn(500)) return 1_000 + random.below(20_000);
  return random.below(2 ** random.below(9));
}
