import { drawCents, drawVeryManyCents } from './amount.ts';
import { customerId, exampleCustomer } from './customer-number.ts';
import { isKnownToDomain, orNull } from './presence.ts';
import type { Random } from './random.ts';
import type { RowOf, salesCustomers } from './tables.ts';

/** What sales knows of a customer, or undefined when it does not know the customer. */
export function generateSales(
  random: Random,
  customer: number,
  salesReps: readonly [string, ...string[]],
): RowOf<typeof salesCustomers> | undefined {
  random.seek(customer, 'sales');
  if (!isKnownToDomain(random, customer)) return undefined;
  return {
    id: customerId(customer),
    account_value: orNull(random, customer, drawAccountValue(random, customer)),
    sales_rep: orNull(random, customer, drawSalesRep(random, salesReps)),
  };
}

/** Nothing for one in forty, very much for three in a thousand, else between 10 euros and 5 million; the example gets a plain amount. */
function drawAccountValue(random: Random, customer: number): number {
  if (customer === exampleCustomer) return drawCents(random, 20, 24);
  const draw = random.below(1_000);
  if (draw < 25) return 0;
  return draw >= 997 ? drawVeryManyCents(random) : drawCents(random, 10, 29);
}

/** A number below a number below the count: the first of 40 looks after a tenth of the customers, the last after few. */
function drawSalesRep(random: Random, salesReps: readonly [string, ...string[]]): string {
  return salesReps[random.below(random.below(salesReps.length) + 1)] ?? salesReps[0];
}
