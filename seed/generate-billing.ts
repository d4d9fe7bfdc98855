import { customerId } from './customer-number.ts';
import { isKnownToDomain, orNull } from './presence.ts';
import { type Random, weighted } from './random.ts';
import type { billingCustomers, RowOf } from './tables.ts';

export type PaymentTerms = 'DUE_ON_RECEIPT' | 'NET_15' | 'NET_30' | 'NET_60';

export interface BillingRow extends RowOf<typeof billingCustomers> {
  readonly payment_terms: PaymentTerms | null;
}

/** What billing knows of a customer, or undefined when it does not know the customer. */
export function generateBilling(random: Random, customer: number): BillingRow | undefined {
  random.seek(customer, 'billing');
  if (!isKnownToDomain(random, customer)) return undefined;
  return {
    id: customerId(customer),
    vat_number: orNull(random, customer, drawVatNumber(random)),
    payment_terms: orNull(random, customer, random.pick(paymentTerms)),
  };
}

const paymentTerms = weighted<PaymentTerms>(
  ['NET_30', 50],
  ['NET_15', 20],
  ['NET_60', 15],
  ['DUE_ON_RECEIPT', 15],
);

/** How VAT numbers are written in some countries; `#` stands for a digit. Check digits are left to chance. */
const vatFormats = [
  'DE#########',
  'FR###########',
  'IT###########',
  'PL##########',
  'ATU########',
  'NL#########B01',
  'ES########X',
  'SE############',
  'GB#########',
  'CHE-###.###.### MWST',
] as const;

const digits = /#/g;

function drawVatNumber(random: Random): string {
  return random.pick(vatFormats).replace(digits, () => String(random.below(10)));
}
