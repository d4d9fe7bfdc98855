/** A question that a page opens on. */
export interface ExampleQuery {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * "Customer revenue", the ready question that the console, the Sandbox page and the README show. It asks a field of
 * every domain and one that is computed; its customer is in the committed seed.
 */
export const customerRevenue: ExampleQuery = {
  query: `# Customer revenue: who they are, what they are
# worth, how they are served and what they owe.
# Four domains own it; you ask once (Ctrl+Enter).
query CustomerRevenue {
  customer(id: "C0000042") {
    # identity: the base that all domains share
    id
    name
    email
    # sales: what they are worth to us
    accountValue
    salesRep
    creditLimit # computed on demand
    # support: how they are served
    supportTier
    lifetimeTickets
    # billing: how they pay, and what
    vatNumber
    paymentTerms
    invoices {
      id
      amount
      issuedOn
      status
    }
  }
}
`,
  variables: {},
};
