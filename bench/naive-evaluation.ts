import type { FilterValues } from './filter-values.ts';
import { pageSize } from './questions.ts';

/** A customer as it comes together from the domains. */
export interface Customer {
  readonly id: string;
  readonly name?: string;
  readonly accountValue?: number | null;
  readonly salesRep?: string | null;
  readonly supportTier?: string | null;
  readonly paymentTerms?: string | null;
}

/** The page that the question `filtered` asks for. */
export function filterAndSort(
  customers: readonly Customer[],
  { tiers, terms }: FilterValues,
): readonly Customer[] {
  return customers
    .filter(
      ({ supportTier, paymentTerms }) =>
        paymentTerms === terms && tiers.some((tier) => tier === supportTier),
    )
    .toSorted(
      (a, b) =>
        (b.accountValue ?? -Infinity) - (a.accountValue ?? -Infinity) ||
        compare(a.name, b.name) ||
        compare(a.id, b.id),
    )
    .slice(0, pageSize);
}

/** The groups that the question `groups` asks for. */
export function groupAndSum(customers: readonly Customer[]): readonly unknown[] {
  const groups = new Map<string, { keys: Keys; count: number; cents: number | null }>();
  for (const { salesRep = null, supportTier = null, accountValue } of customers) {
    const id = JSON.stringify([salesRep, supportTier]);
    let group = groups.get(id);
    if (group === undefined)
      groups.set(id, (group = { keys: { salesRep, supportTier }, count: 0, cents: null }));
    group.count += 1;
    if (typeof accountValue === 'number')
      group.cents = (group.cents ?? 0) + Math.round(accountValue * 100);
  }
  return [...groups.values()]
    .toSorted(
      ({ keys: a }, { keys: b }) =>
        compare(a.salesRep, b.salesRep) || compare(a.supportTier, b.supportTier),
    )
    .map(({ keys, count, cents }) => ({
      keys,
      count,
      sum: { accountValue: cents === null ? null : cents / 100 },
    }));
}

interface Keys {
  readonly salesRep: string | null;
  readonly supportTier: string | null;
}

/** Missing values last. */
function compare(a: string | null | undefined, b: string | null | undefined): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  return a < b ? -1 : 1;
}
