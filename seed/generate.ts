import { raise } from '../foundation/errors/tributary-error.ts';
import { BatchBuffer } from './batch-buffer.ts';
import { generateBilling } from './generate-billing.ts';
import { generateIdentity } from './generate-identity.ts';
import { generateInvoices } from './generate-invoices.ts';
import { generateSales } from './generate-sales.ts';
import { generateSupport } from './generate-support.ts';
import { buildNamePools } from './name-pools.ts';
import { Random } from './random.ts';
import {
  billingCustomers,
  billingInvoices,
  identityCustomers,
  salesCustomers,
  type SeedBatch,
  supportCustomers,
} from './tables.ts';

export interface GenerateOptions {
  /** From 0 to 100 million. */
  readonly customers: number;
  /** From 0 to 2^32 - 1; default 1. */
  readonly seed?: number | undefined;
  /** Rows of a batch; default 2048, which is what one of DuckDB's data chunks holds. */
  readonly batchSize?: number | undefined;
}

export const defaultSeed = 1;
export const defaultBatchSize = 2048;

/**
 * The seed data of all domains, in batches. Batches of the tables come mixed, each as soon as it is full, so an
 * invoice may come before its customer; within a table rows come in the order of their keys.
 *
 * The data depends only on the seed, and a larger number of customers adds rows and changes none.
 * @throws SEED_OPTION_INVALID on the first step.
 */
export function* generate({
  customers,
  seed = defaultSeed,
  batchSize = defaultBatchSize,
}: GenerateOptions): Generator<SeedBatch, void, void> {
  checkOption('customers', customers, 0, 100_000_000);
  checkOption('seed', seed, 0, 2 ** 32 - 1);
  checkOption('batchSize', batchSize, 1, 1_000_000);

  const random = new Random(seed);
  const pools = buildNamePools();
  const identity = new BatchBuffer(identityCustomers, batchSize);
  const sales = new BatchBuffer(salesCustomers, batchSize);
  const support = new BatchBuffer(supportCustomers, batchSize);
  const billing = new BatchBuffer(billingCustomers, batchSize);
  const invoices = new BatchBuffer(billingInvoices, batchSize);
  let nextInvoice = 1;

  for (let customer = 1; customer <= customers; customer++) {
    const identityRow = generateIdentity(random, customer, pools);
    yield* full(identity.add(identityRow));

    const salesRow = generateSales(random, customer, pools.salesReps);
    if (salesRow !== undefined) yield* full(sales.add(salesRow));

    const supportRow = generateSupport(random, customer);
    if (supportRow !== undefined) yield* full(support.add(supportRow));

    const billingRow = generateBilling(random, customer);
    if (billingRow === undefined) continue;
    yield* full(billing.add(billingRow));
    const customerInvoices = generateInvoices(random, {
      customer,
      paymentTerms: billingRow.payment_terms,
      knownSince: identityRow.created_at,
      firstInvoice: nextInvoice,
    });
    nextInvoice += customerInvoices.length;
    for (const invoice of customerInvoices) yield* full(invoices.add(invoice));
  }
  for (const buffer of [identity, sales, support, billing, invoices]) yield* full(buffer.take());
}

const nothing: readonly SeedBatch[] = [];

function full(batch: SeedBatch | undefined): readonly SeedBatch[] {
  return batch === undefined ? nothing : [batch];
}

function checkOption(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw raise('SEED_OPTION_INVALID', { name, value, least, most });
}
