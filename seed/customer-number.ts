/**
 * The customer that the README asks about. By construction, whatever the seed, it has a name from the English pool, a row
 * in every domain, no null field, a positive account value, a ticket and at least two invoices with positive amounts.
 */
export const exampleCustomer = 42;

/** `C0000042`: customers count from 1. Numbers of more than seven digits make the id longer. */
export function customerId(number: number): string {
  return `C${String(number).padStart(7, '0')}`;
}

/** `I00000007`: invoices count from 1, in the order of their customers. */
export function invoiceId(number: number): string {
  return `I${String(number).padStart(8, '0')}`;
}
