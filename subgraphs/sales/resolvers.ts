/** The fields of sales that are computed. What a resolver reads of its parent is the customer's own row in sales, and what the field `@requires`. */

type PaymentTerms = 'DUE_ON_RECEIPT' | 'NET_15' | 'NET_30' | 'NET_60';

interface Customer {
  readonly accountValue: number | string | null;
  readonly paymentTerms: PaymentTerms | null;
}

/** The share of the account value that we lend, by how long we wait for our money. */
const shareByTerms: Readonly<Record<PaymentTerms, number>> = {
  DUE_ON_RECEIPT: 0.5,
  NET_15: 0.4,
  NET_30: 0.25,
  NET_60: 0.1,
};

export default {
  Customer: {
    creditLimit({ accountValue, paymentTerms }: Customer): number | null {
      if (accountValue === null || paymentTerms === null) return null;
      return Math.round(Number(accountValue) * shareByTerms[paymentTerms] * 100) / 100;
    },
  },
};
