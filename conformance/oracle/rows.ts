import { entities, type Entity, type EntityName } from './catalog.ts';
import * as pools from './pools.ts';
import { randomFrom, type Random } from './random.ts';
import { valueOf, type Value } from './value.ts';
import { keyText, type Row, type Rows } from './world.ts';

/** A row of a table, in the form that its seed file has. */
export type TableRow = Readonly<Record<string, unknown>>;

/** Rows by table, and the same as the graph joins them. */
export interface GeneratedRows {
  readonly tables: Readonly<Record<string, readonly TableRow[]>>;
  readonly rows: Rows;
}

const customerCount = 60;
const invoiceCount = 200;
const lineCount = 400;

/**
 * Rows with many ties, gaps and awkward values; customers without rows in a domain, and some without invoices. A few
 * rows of the tables refer to what does not exist: those wait in quarantine, and are not in the graph.
 */
export function generateRows(seed: number): GeneratedRows {
  const random = randomFrom(seed);
  const customerIds = random.shuffle([
    ...pools.customerIds,
    ...numbered('K', customerCount - pools.customerIds.length),
  ]);
  const invoiceIds = random.shuffle(numbered('I', invoiceCount));
  const products = random.shuffle(pools.products);
  const identities = customerIds.map((id) => makeIdentity(random, id));
  const some = (share: number): string[] => customerIds.filter(() => random.isTrue(share));
  const sales = some(0.85).map((id, index) => makeSales(random, id, customerIds, index));
  const support = some(0.75).map((id) => makeSupport(random, id));
  const accounts = some(0.8).map((id) => makeAccount(random, id));
  const buyers = some(0.7);
  const invoices = invoiceIds.map((id) => makeInvoice(random, id, buyers, customerIds));
  const lines = makeLines(random, invoiceIds);
  const names = new Set([null, ...customerIds]);
  const knownSales = sales.filter(({ referrer }) => names.has(referrer));
  const knownInvoices = invoices.filter(({ approver }) => names.has(approver));
  const knownLines = lines.filter(
    ({ invoiceId, product }) =>
      knownInvoices.some(({ id }) => id === invoiceId) &&
      (product === null || products.some(([id]) => id === product)),
  );
  return {
    tables: {
      'identity/customer': identities.map(({ createdAt, seenAt, ...rest }) => ({
        ...rest,
        order: createdAt,
        seen_at: seenAt,
      })),
      'sales/Kunden 2026': sales.map(({ id, worth, seats, segment, referrer, ...rest }) => ({
        'Nr.': id,
        'a"b': worth,
        select: seats,
        group: segment,
        from: referrer,
        ...rest,
      })),
      'support/customer': support.map(({ isVip, renewsOn, ...rest }) => ({
        ...rest,
        is_vip: isVip,
        limit: renewsOn,
      })),
      'billing/account': accounts.map(({ id, vatNumber }) => ({ id, vat_number: vatNumber })),
      'billing/invoice': invoices.map(
        ({ customer, approver, issuedOn, sentAt, note, ...rest }) => ({
          ...rest,
          customer_id: customer,
          where: approver,
          issued_on: issuedOn,
          'a""; --': sentAt,
          having: note,
        }),
      ),
      'billing/table': lines.map(({ invoiceId, product, ...rest }) => ({
        ...rest,
        invoice_id: invoiceId,
        product_no: product,
      })),
      'catalog/product': products.map(([id, title, weight]) => ({ id, title, weight })),
    },
    rows: {
      Customer: identities.map((identity) =>
        makeRow('Customer', {
          tickets: 0,
          ...identity,
          ...knownSales.find(({ id }) => id === identity.id),
          ...withoutMissing(support.find(({ id }) => id === identity.id)),
          ...accounts.find(({ id }) => id === identity.id),
        }),
      ),
      Invoice: knownInvoices.map((invoice) => makeRow('Invoice', invoice)),
      Line: knownLines.map((line) => makeRow('Line', { ...line, invoice: line.invoiceId })),
      Product: products.map(([id, title, weight]) => makeRow('Product', { id, title, weight })),
    },
  };
}

/** A value that is missing in the row leaves the declared default. */
function withoutMissing(row: TableRow = {}): TableRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

export function makeRow(name: EntityName, given: TableRow): Row {
  const entity: Entity = entities[name];
  const values: Record<string, Value> = {};
  for (const { name, kind } of entity.fields) {
    const value = given[name] ?? null;
    values[name] = value === null ? null : valueOf(kind, value);
  }
  const references = entity.relations
    .filter(({ isMany }) => !isMany)
    .map(({ name, reference }) => {
      const key = given[name] ?? null;
      return [reference, key === null ? null : [String(key)]];
    });
  return {
    entity,
    values,
    key: keyText(entity.key.map((name) => values[name] ?? null)),
    references: Object.fromEntries(references),
  };
}

function makeIdentity(random: Random, id: string) {
  return {
    id,
    name: random.pick(pools.names),
    createdAt: pickMoment(random),
    seenAt: random.isTrue(0.3) ? null : pickMoment(random),
  };
}

function makeSales(random: Random, id: string, customerIds: readonly string[], index: number) {
  return {
    id,
    worth: index === 7 ? pools.largestWorth : random.pick(pools.worths),
    seats: random.pick(pools.wholes),
    score: random.pick(pools.scores),
    segment: random.pick([null, 'SMALL', 'SMALL', 'MIDDLE', 'LARGE']),
    tags: random.pick(pools.tagLists),
    desc: random.pick(pools.texts),
    referrer: random.isTrue(0.4) ? null : random.pick([...customerIds, 'nobody']),
  };
}

function makeSupport(random: Random, id: string) {
  return {
    id,
    tier: random.pick([null, 'BRONZE', 'SILVER', 'GOLD', 'GOLD']),
    tickets: random.pick([null, 0, 1, 2, 2, 3, 5, 8, 13]),
    isVip: random.pick([null, true, false]),
    renewsOn: random.isTrue(0.3) ? null : pickDay(random),
  };
}

function makeAccount(random: Random, id: string) {
  return {
    id,
    vatNumber: random.isTrue(0.3) ? null : random.pick(['', 'DE1', 'DE10', 'de1', 'ÆØ']),
  };
}

function makeInvoice(
  random: Random,
  id: string,
  buyers: readonly string[],
  customerIds: readonly string[],
) {
  return {
    id,
    customer: random.pick(random.isTrue(0.3) ? buyers.slice(0, 3) : buyers),
    approver: random.isTrue(0.4) ? null : random.pick([...customerIds, 'nobody']),
    amount: random.isTrue(0.7)
      ? random.pick(pools.amounts)
      : `${random.below(9_999)}.${10 + random.below(90)}`,
    discount: random.pick(pools.discounts),
    issuedOn: pickDay(random),
    sentAt: random.isTrue(0.25) ? null : pickMoment(random),
    reference: random.pick(pools.bigWholes),
    status: random.pick(['DRAFT', 'OPEN', 'PAID', 'PAID', 'VOID']),
    note: random.pick(pools.texts),
  };
}

function makeLines(random: Random, invoiceIds: readonly string[]) {
  const places = new Set<string>();
  while (places.size < lineCount) {
    const invoiceId = random.pick(random.isTrue(0.2) ? invoiceIds.slice(0, 4) : invoiceIds);
    places.add(JSON.stringify([invoiceId, random.pick([-1, 0, 1, 2, 3, 9, 10, 11, 100])]));
    // The few that are picked often are full before long.
    places.add(JSON.stringify([random.pick(invoiceIds), 1 + random.below(12)]));
  }
  return [...places].slice(0, lineCount).map((place) => {
    const [invoiceId, position] = JSON.parse(place) as [string, number];
    return {
      invoiceId,
      position,
      product: random.pick([null, '404', ...pools.products.map(([id]) => id)]),
      quantity: random.pick(pools.wholes),
      price: random.pick(pools.prices),
    };
  });
}

function pickMoment(random: Random): string {
  if (random.isTrue(0.7)) return random.pick(pools.moments);
  const milliseconds = Date.UTC(2022, 0, 1) + random.below(3 * 366) * 86_400_000;
  return new Date(milliseconds + random.below(86_400) * 1_000).toISOString();
}

function pickDay(random: Random): string {
  if (random.isTrue(0.6)) return random.pick(pools.days);
  const milliseconds = Date.UTC(2022, 0, 1) + random.below(3 * 366) * 86_400_000;
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}
