import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { openHub, type TestHub } from '../hub/testing/open-hub.ts';
import {
  bothOf,
  disagreementOn,
  rowOf,
  type Both,
  type Disagreement,
  type Edge,
} from './oracle/ask-both.ts';
import { entities, type EntityName } from './oracle/catalog.ts';
import { randomQuestion } from './oracle/random-question.ts';
import { generateRows } from './oracle/rows.ts';
import { oracleSchemas } from './oracle/schemas.ts';
import { seedFiles } from './oracle/seed-files.ts';
import { Undecided } from './oracle/undecided.ts';
import { worldOf, type Row } from './oracle/world.ts';

const caseCount = Number(process.env['PROPERTY_CASES'] ?? 2_000);
const seed = Number(process.env['PROPERTY_SEED'] ?? 4);

describe('the hub and a plain evaluation of the same rows', () => {
  const directory = sharedTempFolder();
  const generated = generateRows(seed);
  let hub: TestHub;
  let both: Both;

  beforeAll(async () => {
    hub = await openHub({ directory, domains: oracleSchemas, rows: seedFiles(generated) });
    both = bothOf(hub, worldOf(generated.rows));
  });

  afterAll(() => hub?.close());

  it(
    `answer ${caseCount} random questions alike (seed ${seed})`,
    async () => {
      let undecidedCount = 0;
      const property = fc.asyncProperty(randomQuestion(), async (draft) => {
        try {
          const disagreement = await disagreementOn(draft, both);
          if (disagreement !== undefined) throw new Error(describeCase(disagreement));
        } catch (error) {
          if (!(error instanceof Undecided)) throw error;
          undecidedCount++;
        }
      });
      const { failed, errorInstance, counterexamplePath } = await fc.check(property, {
        numRuns: caseCount,
        seed,
      });
      // What the operation is says more than the draft that it was written from.
      if (failed) expect.fail(`${String(errorInstance)}\n(path ${counterexamplePath})`);
      expect(undecidedCount).toBeLessThan(caseCount / 20);
    },
    10 * 60_000,
  );

  const walks: readonly (readonly [EntityName, string])[] = [
    ['Customer', ''],
    ['Customer', 'orderBy: [{ tier: ASC }]'],
    ['Customer', 'orderBy: [{ seats: DESC_NULLS_FIRST }, { segment: ASC_NULLS_FIRST }]'],
    ['Customer', 'orderBy: [{ worth: DESC }, { name: ASC }]'],
    ['Customer', 'orderBy: [{ name: DESC }]'],
    ['Customer', 'orderBy: [{ seenAt: ASC_NULLS_LAST }]'],
    ['Customer', 'orderBy: [{ isVip: DESC }, { renewsOn: ASC }]'],
    ['Customer', 'orderBy: [{ referrer: { name: ASC } }]'],
    ['Customer', 'orderBy: [{ invoicesAggregate: { sum: { amount: DESC } } }]'],
    ['Customer', 'orderBy: [{ invoicesAggregate: { avg: { discount: ASC_NULLS_FIRST } } }]'],
    ['Customer', 'orderBy: [{ score: ASC }], where: { tickets: { gt: 0 } }'],
    ['Customer', 'orderBy: [{ tickets: ASC }], search: { text: "a" }'],
    ['Customer', 'search: { text: "a" }'],
    ['Customer', 'search: { text: "an", fields: [name, desc] }, where: { tickets: { gte: 0 } }'],
    ['Invoice', 'orderBy: [{ reference: DESC }]'],
    ['Invoice', 'orderBy: [{ customer: { tier: DESC } }, { issuedOn: DESC }]'],
    ['Invoice', 'orderBy: [{ approver: { referrer: { score: ASC } } }]'],
    ['Line', ''],
    ['Line', 'orderBy: [{ price: ASC_NULLS_FIRST }]'],
    ['Line', 'orderBy: [{ product: { title: ASC } }, { quantity: DESC }]'],
  ];
  it.each(walks)('give the pages of %s (%s) whole, forward and backward', async (name, given) => {
    await walk({ entityName: name, before: '', list: entities[name].many, given, after: '' });
  });

  it.each([
    '',
    'orderBy: [{ discount: DESC }]',
    'orderBy: [{ sentAt: ASC_NULLS_FIRST }, { note: DESC }]',
    'orderBy: [{ approver: { tier: ASC } }, { status: ASC }]',
    'orderBy: [{ linesAggregate: { count: DESC } }]',
  ])("give the pages of a customer's invoices (%s) whole, forward and backward", async (given) => {
    const before = `customer(id: ${JSON.stringify(bestCustomer())}) { `;
    const list = 'invoicesConnection';
    await walk({ entityName: 'Invoice', before, list, given, after: ' }' });
  });

  /** Whose invoices fill several pages. */
  function bestCustomer(): unknown {
    const { rows, many } = both.world;
    const invoices = entities.Customer.relations.filter(({ name }) => name === 'invoices');
    const countOf = (row: Row): number =>
      invoices.flatMap((relation) => many(row, relation)).length;
    return rows.Customer.toSorted((one, other) => countOf(other) - countOf(one))[0]?.values['id'];
  }

  /** Goes through a list forward and backward; both ways have to give what the whole list is. */
  async function walk({ entityName, before, list, given, after }: Walk): Promise<void> {
    const { key } = entities[entityName];
    const comma = given === '' ? '' : ', ';
    const pageOf = async (paging: string): Promise<WalkedPage> => {
      const query = `{ ${before}list: ${list}(${given}${comma}${paging}) {
        edges { cursor node { ${key.join(' ')} } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }${after} }`;
      const { data, errors } = await hub.ask(query);
      expect(errors).toBeUndefined();
      const parent = (data?.['customer'] ?? data) as { readonly list: WalkedPage };
      return parent.list;
    };
    const keysOf = ({ edges }: WalkedPage): readonly string[] =>
      edges.map(({ node }) => rowOf(node, entities[entityName], both.world).key);
    const all = keysOf(await pageOf('first: 10000'));
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBeGreaterThan(7);

    const forward: string[] = [];
    for (let cursor = ''; ;) {
      const page = await pageOf(`first: 7${cursor}`);
      expect(page.pageInfo.hasPreviousPage).toBe(forward.length > 0);
      forward.push(...keysOf(page));
      expect(page.pageInfo.hasNextPage).toBe(forward.length < all.length);
      if (!page.pageInfo.hasNextPage) break;
      cursor = `, after: ${JSON.stringify(page.pageInfo.endCursor)}`;
    }
    expect(forward).toEqual(all);

    const backward: string[] = [];
    for (let cursor = ''; ;) {
      const page = await pageOf(`last: 11${cursor}`);
      expect(page.pageInfo.hasNextPage).toBe(backward.length > 0);
      backward.unshift(...keysOf(page));
      expect(page.pageInfo.hasPreviousPage).toBe(backward.length < all.length);
      if (!page.pageInfo.hasPreviousPage) break;
      cursor = `, before: ${JSON.stringify(page.pageInfo.startCursor)}`;
    }
    expect(backward).toEqual(all);
  }

  it.each([
    'customers(first: 1, last: 1) { totalCount }',
    'customers(last: 1, offset: 1) { totalCount }',
    'customers(first: -1) { totalCount }',
    'customers(first: 10001) { totalCount }',
    'customers(offset: -1) { totalCount }',
    'customers(orderBy: [{ name: ASC, id: ASC }]) { totalCount }',
    'customers(orderBy: [{ referrer: { name: ASC, id: ASC } }]) { totalCount }',
    'customers(orderBy: [{ invoicesAggregate: { count: ASC, sum: { amount: ASC } } }]) { totalCount }',
    'customersAggregate { quantiles(at: [1.5]) { worth } }',
    'customersAggregate(groupBy: [{ field: tier }, { field: tier }]) { count }',
    'customersAggregate(groupBy: [{ field: createdAt }, { field: createdAt, bucket: DAY }]) { count }',
    'customersAggregate(groupBy: [{ field: tier }]) { keys { name } }',
    'customersAggregate(groupBy: [{ referrer: { field: tier } }]) { keys { tier } }',
    'customersAggregate(groupBy: [{ field: tier }], orderBy: [{ keys: { name: ASC } }]) { count }',
    'customersAggregate(groupBy: [{ field: tier, referrer: { field: tier } }]) { count }',
    'customersAggregate(groupBy: [{ field: renewsOn, bucket: HOUR }]) { count }',
    'customersAggregate(groupBy: [{ field: renewsOn, bucket: DAY, timeZone: "UTC" }]) { count }',
    'customersAggregate(groupBy: [{ field: name, bucket: DAY }]) { count }',
    'customersAggregate(groupBy: [{ field: createdAt, bucket: DAY, timeZone: "Nowhere" }]) { count }',
    'customersAggregate(limit: -1) { count }',
    'customersAggregate(offset: -1) { count }',
  ])('refuse { %s }', async (text) => {
    const { data, errors = [] } = await hub.ask(`{ ${text} }`);
    expect(data ?? null).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]?.extensions['code']).toMatch(/^[A-Z_]+$/);
    expect(errors[0]?.extensions['hint']).toBeTypeOf('string');
  });
});

interface Walk {
  readonly entityName: EntityName;
  /** Text before and after the list, for one that is inside of another field. */
  readonly before: string;
  readonly list: string;
  readonly given: string;
  readonly after: string;
}

interface WalkedPage {
  readonly edges: readonly Edge[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

function describeCase({ question, difference, expected, found }: Disagreement): string {
  const shorten = (value: unknown): string => {
    const text = JSON.stringify(value) ?? '';
    return text.length > 4_000 ? `${text.slice(0, 4_000)}…` : text;
  };
  return [
    difference,
    question.query,
    JSON.stringify(question.variables),
    `should be ${shorten(expected)}`,
    `is ${shorten(found)}`,
  ].join('\n');
}
