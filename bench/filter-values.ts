/** What the page with a filter is asked for. */
export interface FilterValues {
  readonly tiers: readonly [string, string];
  readonly terms: string;
}

const tierPairs = [
  ['BRONZE', 'SILVER'],
  ['BRONZE', 'GOLD'],
  ['BRONZE', 'PLATINUM'],
  ['SILVER', 'GOLD'],
  ['SILVER', 'PLATINUM'],
  ['GOLD', 'PLATINUM'],
] as const;

const terms = ['DUE_ON_RECEIPT', 'NET_15', 'NET_30', 'NET_60'] as const;

/** One of 24 filters, which leave between a fiftieth and a third of the customers. */
export function filterOf(number: number): FilterValues {
  return {
    tiers: tierPairs[number % tierPairs.length] ?? tierPairs[0],
    terms: terms[Math.floor(number / tierPairs.length) % terms.length] ?? terms[0],
  };
}
