import type { Keystrokes } from './analyst.ts';

/** The analyst asks the graph a question. */
export interface AskScene {
  readonly kind: 'ask';
  /** What its picture is called, without the ending. */
  readonly name: string;
  readonly title: string;
  readonly detail: string;
  readonly question: readonly Keystrokes[];
  /** What the picture is called that shows the editor's proposals; none is taken without it. */
  readonly proposalsName?: string;
  /** What the answer's data say, in a sentence. */
  readonly conclude: (data: unknown) => string;
}

/** A domain changes its schema while everybody else goes on. */
export interface ChangeScene {
  readonly kind: 'change';
  readonly name: string;
  readonly title: string;
  readonly detail: string;
}

export type Scene = AskScene | ChangeScene;

interface RevenueByRepAndTier {
  readonly invoicesAggregate: readonly {
    readonly keys: {
      readonly customer: { readonly salesRep: string | null; readonly supportTier: string | null };
    };
    readonly sum: { readonly amount: number };
  }[];
}

const revenueByRepAndTier = `query RevenueByRepAndTier {
  invoicesAggregate(
    where: { # billing
      customer: { paymentTerms: { eq: NET_60 } }
    }
    groupBy: [ # sales and support
      { customer: { field: salesRep } }
      { customer: { field: supportTier } }
    ]
    having: { count: { gte: 5 } }
    orderBy: [{ sum: { amount: DESC } }]
    limit: 5
  ) {
    keys { customer { salesRep supportTier } }
    count
    sum { amount }
  }
}
`;

interface ValueByRisk {
  readonly customersAggregate: readonly {
    readonly keys: { readonly salesRep: string | null };
    readonly count: number;
    readonly sum: { readonly accountValue: number };
  }[];
}

const valueByRiskUpToTheField = `query ValueByRisk {
  customersAggregate(
    groupBy: [
      { field: `;

const valueByRiskBehindTheField = ` } # support, just now
      { field: salesRep } # sales
    ]
    orderBy: [
      { keys: { churnRisk: ASC } }
      { sum: { accountValue: DESC } }
    ]
    limit: 5
  ) {
    keys { churnRisk salesRep }
    count
    sum { accountValue }
  }
}
`;

interface CustomersAtRisk {
  readonly customers: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly name: string; readonly salesRep: string | null }[];
  };
}

const customersAtRisk = `query CustomersAtRisk {
  customers(
    where: {
      churnRisk: { eq: HIGH } # support, just now
      paymentTerms: { eq: NET_30 } # billing
    }
    orderBy: [{ accountValue: DESC }] # sales
    first: 4
  ) {
    totalCount
    nodes {
      name
      salesRep
      accountValue
      churnRisk
      paymentTerms
    }
  }
}
`;

/** The demo, in its order. */
export const scenes: readonly Scene[] = [
  {
    kind: 'ask',
    name: '1-revenue-by-rep-and-tier',
    title: 'An analyst asks across three domains',
    detail: 'Invoiced revenue by sales rep and support tier, for customers on 60-day terms.',
    question: [revenueByRepAndTier],
    conclude(data) {
      const [first] = (data as RevenueByRepAndTier).invoicesAggregate;
      if (first === undefined) return 'No group';
      const { salesRep, supportTier } = first.keys.customer;
      return `Most from ${salesRep ?? 'no rep'}, ${supportTier ?? 'no tier'}: ${euros(first.sum.amount)}`;
    },
  },
  {
    kind: 'change',
    name: '2-support-adds-churn-risk',
    title: 'The support domain adds churnRisk',
    detail: 'In its own folder, and nowhere else. Nothing is restarted.',
  },
  {
    kind: 'ask',
    name: '4-value-by-risk',
    title: 'The same page groups by the new field',
    detail: 'Account value, which sales owns, by the risk that support has just added.',
    question: [
      valueByRiskUpToTheField,
      { typed: 'chu', proposed: 'churnRisk' },
      valueByRiskBehindTheField,
    ],
    proposalsName: '3-the-editor-proposes-it',
    conclude(data) {
      const [first] = (data as ValueByRisk).customersAggregate;
      if (first === undefined) return 'No group';
      const { keys, count, sum } = first;
      return `${keys.salesRep ?? 'No rep'} has most to lose: ${euros(sum.accountValue)} with ${count} customers`;
    },
  },
  {
    kind: 'ask',
    name: '5-customers-at-risk',
    title: 'It filters by it, and sorts by a field of sales',
    detail: 'Customers at high risk on 30-day terms, the most valuable first: whom to call today.',
    question: [customersAtRisk],
    conclude(data) {
      const { totalCount, nodes } = (data as CustomersAtRisk).customers;
      const [first] = nodes;
      if (first === undefined) return 'Nobody';
      return `${totalCount} such customers; ${first.salesRep ?? 'somebody'} calls ${first.name} first`;
    },
  },
];

function euros(amount: number): string {
  return amount.toLocaleString('en', { style: 'currency', currency: 'EUR' });
}
