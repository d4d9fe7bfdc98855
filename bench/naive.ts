import { isDeepStrictEqual } from 'node:util';
import { customerId } from '../seed/customer-number.ts';
import { askFilteredAmong, askGroupsAmong } from './ask-graphql.ts';
import { graphqlPath } from './contenders.ts';
import type { DataSet } from './data-set.ts';
import { filterOf } from './filter-values.ts';
import { HttpConnection } from './measure/http-connection.ts';
import { readUsage } from './measure/process-usage.ts';
import { filterAndSort, groupAndSum, type Customer } from './naive-evaluation.ts';
import type { QuestionId } from './questions.ts';
import { serve } from './server-process.ts';

/** What a question costs without a hub: fetch everything from the subgraphs, then filter, sort and group in the client. */
export interface NaiveResult {
  readonly question: QuestionId;
  /** Customers that were fetched: not all that there are, but what can be had in reasonable time. */
  readonly customers: number;
  readonly durationMs: number;
  /** Of subgraphs and client together. */
  readonly cpuMs: number;
  readonly fetchedBytes: number;
}

const fetchedCustomers = 10_000;
const keysPerRequest = 1_000;

interface NaiveQuestion {
  readonly question: QuestionId;
  /** What has to be fetched, by domain. */
  readonly fields: Readonly<Record<string, string>>;
  readonly evaluate: (customers: readonly Customer[]) => readonly unknown[];
  /** The same of the hub, among the customers that were fetched. */
  readonly hubBody: string;
}

/** The authored subgraphs have no list, so that the client is given the ids for nothing. */
const ids = Array.from({ length: fetchedCustomers }, (_, index) => customerId(index + 1));
const filter = filterOf(5);

const naiveQuestions: readonly NaiveQuestion[] = [
  {
    question: 'filtered',
    fields: {
      identity: 'id name email createdAt updatedAt createdBy',
      sales: 'id accountValue salesRep',
      support: 'id supportTier lifetimeTickets',
      billing: 'id vatNumber paymentTerms',
    },
    evaluate: (customers) => filterAndSort(customers, filter),
    hubBody: askFilteredAmong(ids, filter),
  },
  {
    question: 'groups',
    fields: { sales: 'id accountValue salesRep', support: 'id supportTier' },
    evaluate: groupAndSum,
    hubBody: askGroupsAmong(ids),
  },
];

/** Each once, after a round that warms up and that has to give what the hub answers. */
export async function measureNaive({ copies }: DataSet): Promise<readonly NaiveResult[]> {
  const environment = { TRIBUTARY_LOG_LEVEL: 'warn' };
  const subgraphs = await serve(copies, ['--no-hub'], environment);
  const hub = await serve(copies, [], environment);
  try {
    const results: NaiveResult[] = [];
    for (const asked of naiveQuestions) {
      const { answer } = await askNaively(asked, subgraphs.port);
      const expected = await askHub(asked, hub.port);
      if (!isDeepStrictEqual(answer, expected))
        throw new Error(`The naive way answers the question ${asked.question} differently.`);
      const pids = [subgraphs.pid, process.pid];
      const before = readUsage(pids);
      const start = performance.now();
      const { fetchedBytes } = await askNaively(asked, subgraphs.port);
      results.push({
        question: asked.question,
        customers: fetchedCustomers,
        durationMs: performance.now() - start,
        cpuMs: readUsage(pids).cpuMs - before.cpuMs,
        fetchedBytes,
      });
    }
    return results;
  } finally {
    await Promise.all([subgraphs.stop(), hub.stop()]);
  }
}

/** All domains at once, each a thousand keys at a time; the parts of a customer are put together by its id. */
async function askNaively(
  { fields, evaluate }: NaiveQuestion,
  port: number,
): Promise<{ readonly answer: readonly unknown[]; readonly fetchedBytes: number }> {
  const customers = new Map<string, Customer>(ids.map((id) => [id, { id }]));
  let fetchedBytes = 0;
  await Promise.all(
    Object.entries(fields).map(async ([domain, selection]) => {
      const query = `query Parts($keys: [_Any!]!) { _entities(representations: $keys) { ... on Customer { ${selection} } } }`;
      const connection = await HttpConnection.open(port);
      for (let from = 0; from < ids.length; from += keysPerRequest) {
        const some = ids.slice(from, from + keysPerRequest);
        const keys = some.map((id) => ({ __typename: 'Customer', id }));
        const body = JSON.stringify({ query, variables: { keys } });
        const answer = await connection.ask(`/subgraphs/${domain}`, body);
        fetchedBytes += Buffer.byteLength(answer.body);
        for (const part of readData(answer)._entities ?? []) {
          if (part !== null) Object.assign(customers.get(part.id) ?? {}, part);
        }
      }
      connection.close();
    }),
  );
  return { answer: evaluate([...customers.values()]), fetchedBytes };
}

async function askHub({ hubBody }: NaiveQuestion, port: number): Promise<readonly unknown[]> {
  const connection = await HttpConnection.open(port);
  const answer = await connection.ask(graphqlPath, hubBody);
  connection.close();
  const { customers, customersAggregate } = readData(answer);
  return customers?.nodes ?? customersAggregate ?? [];
}

interface Data {
  readonly _entities?: readonly (Customer | null)[];
  readonly customers?: { readonly nodes: readonly unknown[] };
  readonly customersAggregate?: readonly unknown[];
}

function readData({ body }: { readonly body: string }): Data {
  const { data } = JSON.parse(body) as { readonly data?: Data | null };
  if (data === undefined || data === null) throw new Error(`No data: ${body.slice(0, 500)}`);
  return data;
}
