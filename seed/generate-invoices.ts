import { drawCents, drawVeryManyCents } from './amount.ts';
import { microsPerDay, referenceDay } from './calendar.ts';
import { customerId, exampleCustomer, invoiceId } from './customer-number.ts';
import type { PaymentTerms } from './generate-billing.ts';
import { type Random, weighted } from './random.ts';
import type { billingInvoices, Moment, RowOf } from './tables.ts';

type InvoiceStatus = 'DRAFT' | 'OPEN' | 'PAID' | 'OVERDUE' | 'VOID';

interface InvoiceOptions {
  readonly customer: number;
  readonly paymentTerms: PaymentTerms | null;
  /** When the customer was first known; no invoice is older. */
  readonly knownSince: Moment;
  /** Number of the customer's first invoice; the others follow. */
  readonly firstInvoice: number;
}

/** The invoices of a customer that billing knows: none to eight, oldest first. */
export function generateInvoices(
  random: Random,
  { customer, paymentTerms, knownSince, firstInvoice }: InvoiceOptions,
): RowOf<typeof billingInvoices>[] {
  random.seek(customer, 'invoices');
  const firstDay = Math.floor(knownSince.epochMicros / microsPerDay);
  const count = drawInvoiceCount(random, customer);
  const invoices = [];
  for (let index = 0; index < count; index++) {
    const amount = drawAmount(random, customer);
    const issuedOn = drawIssueDay(random, firstDay, index, count);
    const dueOn = issuedOn + daysToPay[paymentTerms ?? 'NET_30'];
    invoices.push({
      id: invoiceId(firstInvoice + index),
      customer_id: customerId(customer),
      amount,
      issued_on: issuedOn,
      due_on: dueOn,
      status: drawStatus(random, { amount, issuedOn, dueOn }),
    });
  }
  return invoices;
}

/** NET_30 is what a customer without terms gets. */
const daysToPay: Readonly<Record<PaymentTerms, number>> = {
  DUE_ON_RECEIPT: 0,
  NET_15: 15,
  NET_30: 30,
  NET_60: 60,
};

/** 3.36 on average, which makes three a customer when a tenth of the customers is unknown to billing. */
const invoiceCounts = weighted(
  [0, 6],
  [1, 10],
  [2, 18],
  [3, 22],
  [4, 18],
  [5, 13],
  [6, 7],
  [7, 4],
  [8, 2],
);

function drawInvoiceCount(random: Random, customer: number): number {
  const count = random.pick(invoiceCounts);
  return customer === exampleCustomer ? Math.max(count, 2) : count;
}

/** One in twenty-five is a credit note, one in two hundred is for nothing, one in a thousand for very much. */
function drawAmount(random: Random, customer: number): number {
  const draw = random.below(1_000);
  const isPlain = customer === exampleCustomer;
  if (draw === 0) return drawVeryManyCents(random);
  if (draw <= 5 && !isPlain) return 0;
  const cents = drawCents(random, 9, 24);
  return draw <= 45 && !isPlain ? -cents : cents;
}

/** Every invoice has a share of the customer's time to itself, so that they follow each other without sorting. */
function drawIssueDay(random: Random, firstDay: number, index: number, count: number): number {
  const share = (referenceDay - firstDay) / count;
  return firstDay + Math.floor(share * index) + random.below(Math.floor(share) + 1);
}

const draftDays = 7;

function drawStatus(
  random: Random,
  { amount, issuedOn, dueOn }: { amount: number; issuedOn: number; dueOn: number },
): InvoiceStatus {
  const draw = random.below(100);
  if (draw < 3) return 'VOID';
  if (issuedOn > referenceDay - draftDays && draw < 35) return 'DRAFT';
  if (amount <= 0) return 'PAID';
  if (dueOn >= referenceDay) return draw < 70 ? 'OPEN' : 'PAID';
  return draw < 12 ? 'OVERDUE' : 'PAID';
}
