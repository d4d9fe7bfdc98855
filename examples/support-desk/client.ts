/** What support keeps of a customer: the base data that all tools share, and what only support knows. */
export interface Client {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly tier: Tier;
  readonly openTickets: readonly string[];
}

export type BaseData = Pick<Client, 'id' | 'name' | 'email'>;

export type Tier = (typeof tiers)[number];

export const tiers = ['BRONZE', 'SILVER', 'GOLD', 'PLATINUM'] as const;

/** A customer as the hub tells of it. What support knows already stays. */
export function withBaseData({ id, name, email }: BaseData, known: Client | undefined): Client {
  return { id, name, email, tier: known?.tier ?? 'BRONZE', openTickets: known?.openTickets ?? [] };
}
