/** What the CRM keeps of a customer: the base data that all tools share, and what only sales knows. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly accountValue: number;
}

/** What all tools know of a customer, and the only thing that goes from one tool to another. */
export type BaseData = Pick<Account, 'id' | 'name' | 'email'>;

/** A customer as the hub tells of it. What sales knows already stays. */
export function withBaseData({ id, name, email }: BaseData, known: Account | undefined): Account {
  return { id, name, email, accountValue: known?.accountValue ?? 0 };
}
