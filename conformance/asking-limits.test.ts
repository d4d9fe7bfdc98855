import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

type Row = Readonly<Record<string, unknown>>;

/** Where the limits of a question are: what is right below them is answered, what is above them refused with a reason. */
describe('a question', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    // Such questions would be too costly as well; that limit has tests of its own.
    const flags = { graph: { limits: { cost: 0 } } };
    project = await startProjectUntilClosed({ dataDirectory, flags });
  });
  afterEach(async () => {
    expect(await right('{ customers { totalCount } }')).toEqual({
      customers: { totalCount: 1000 },
    });
  });
  afterAll(() => project.server.close());

  async function right(query: string, variables: Row = {}): Promise<Row> {
    const { status, data, errors } = await project.ask(query, variables);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    return data ?? {};
  }

  async function count(where: unknown): Promise<unknown> {
    const query = 'query ($where: CustomerFilter) { customers(where: $where) { totalCount } }';
    return (await right(query, { where }))['customers'];
  }

  describe('with too much in it', () => {
    const numbered = (length: number): readonly string[] =>
      Array.from({ length }, (_, number) => `C${String(number + 1).padStart(7, '0')}`);

    it('has lists of 10,000 values answered, and longer ones than allowed refused', async () => {
      expect(await count({ id: { in: numbered(10_000) } })).toEqual({ totalCount: 1000 });
      expect(await count({ id: { notIn: numbered(10_000) } })).toEqual({ totalCount: 0 });
      const whole = Array.from({ length: 10_000 }, (_, number) => number);
      expect(await count({ lifetimeTickets: { in: whole } })).toEqual(
        await count({ lifetimeTickets: { gte: 0 } }),
      );
      const tiers = Array.from({ length: 10_000 }, () => 'GOLD');
      expect(await count({ supportTier: { in: tiers } })).toEqual({ totalCount: 113 });
      const literals = numbered(10_000).map((id) => `"${id}"`);
      const data = await right(
        `{ customers(where: { id: { in: [${literals.join()}] } }) { totalCount } }`,
      );
      expect(data).toEqual({ customers: { totalCount: 1000 } });
      const query = 'query ($ids: [ID!]) { customers(where: { id: { in: $ids } }) { totalCount } }';
      expectRefusal(
        await project.ask(query, { ids: numbered(20_001) }),
        200,
        'FILTER_LIST_TOO_LONG',
      );
    });

    it.each([62, 63])('has the opposite of the opposite of … answered, %i times', async (times) => {
      const there = { salesRep: { isNull: false } };
      expect(await count(nested('not', times, there))).toEqual({
        totalCount: times % 2 === 0 ? 862 : 138,
      });
    });

    it.each([
      [64, 200, 'FILTER_TOO_DEEP'],
      [240, 200, 'FILTER_TOO_DEEP'],
      [1_000, 400, 'DOCUMENT_TOO_NESTED'],
      [20_000, 400, 'DOCUMENT_TOO_NESTED'],
    ] as const)('is refused for %i nested filters', async (times, status, code) => {
      const variables = `{"where":${'{"not":'.repeat(times)}{}${'}'.repeat(times)}}`;
      const query = 'query ($where: CustomerFilter) { customers(where: $where) { totalCount } }';
      expectRefusal(await post(`{"query":"${query}","variables":${variables}}`), status, code);
      const where = `${'{ not: '.repeat(times)}{}${' }'.repeat(times)}`;
      expectRefusal(
        await project.ask(`{ customers(where: ${where}) { totalCount } }`),
        status,
        code,
      );
    });

    it('is refused for conditions and relations beyond the limit, and right below it', async () => {
      const name = (number: number) => ({ name: { eq: `nobody ${number}` } });
      const filters = Array.from({ length: 2_001 }, (_, number) => name(number));
      expect(await count({ or: filters.slice(1) })).toEqual({ totalCount: 0 });
      const ask = (where: unknown): Promise<GraphAnswer> =>
        project.ask('query ($where: CustomerFilter) { customers(where: $where) { totalCount } }', {
          where,
        });
      expectRefusal(await ask({ or: filters }), 200, 'FILTER_TOO_LARGE');
      const related = (minimum: number) => ({ invoices: { some: { amount: { gt: minimum } } } });
      const many = Array.from({ length: 100 }, (_, number) => related(number));
      expectRefusal(await ask({ and: many }), 200, 'FILTER_TOO_LARGE');
      const there = (levels: number): unknown =>
        levels === 0 ? {} : { invoices: { some: { customer: there(levels - 1) } } };
      expect(await count(there(20))).toEqual({ totalCount: 851 });
      expectRefusal(await ask(there(33)), 200, 'FILTER_TOO_DEEP');
    });

    it.each([
      ['{ customers(search: { text: "a b c d e f g h i" }) { totalCount } }', 'SEARCH_TOO_LONG'],
      [`{ customers(orderBy: [${'{ name: ASC } '.repeat(11)}]) { totalCount } }`, 'ORDER_TOO_LONG'],
      [
        '{ customersAggregate(groupBy: [{ field: id } { field: name } { field: email } { field: createdAt } { field: updatedAt } { field: createdBy } { field: vatNumber } { field: salesRep } { field: supportTier }]) { count } }',
        'GROUP_KEYS_TOO_MANY',
      ],
      [
        `{ customersAggregate { quantiles(at: [${'0.5 '.repeat(500)}]) { accountValue } } }`,
        'QUANTILES_INVALID',
      ],
      [many(101, '{ customers(first: 1000) { nodes { id } } }'), 'ANSWER_TOO_LARGE'],
      [many(101, '{ customersAggregate(groupBy: [{ field: id }]) { count } }'), 'ANSWER_TOO_LARGE'],
      [
        `{ customers(first: 1000) { nodes { ${'invoices { customer { '.repeat(20)} id ${'} } '.repeat(20)} } } }`,
        'ANSWER_TOO_LARGE',
      ],
    ])('is refused with the name of the limit: %#', async (query, code) => {
      expectRefusal(await project.ask(query), 200, code);
    });

    it('is refused where its selections go too deep or its body is too large', async () => {
      const deep = `{ customers { nodes { ${'invoices { customer { '.repeat(40)} id ${'} } '.repeat(40)} } } }`;
      expectRefusal(await project.ask(deep), 400, 'SELECTION_TOO_DEEP');
      const huge = await project.ask('query ($id: ID!) { customer(id: $id) { id } }', {
        id: 'x'.repeat(1_100_000),
      });
      expectRefusal(huge, 413, 'BODY_TOO_LARGE');
    });

    async function post(body: string): Promise<GraphAnswer> {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${project.server.url}/graphql`, {
        method: 'POST',
        headers,
        body,
      });
      return { status: response.status, ...((await response.json()) as object) };
    }
  });

  describe('with a page that there is not', () => {
    it.each([
      ['first: -1', 200, 'PAGE_SIZE_INVALID'],
      ['first: 10001', 200, 'PAGE_SIZE_INVALID'],
      ['last: 2147483647', 200, 'PAGE_SIZE_INVALID'],
      ['offset: -1', 200, 'PAGE_OFFSET_INVALID'],
      ['first: 2147483648', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['offset: -99999999999', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['first: 1.5', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['first: "1"', 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['first: 1, last: 1', 200, 'PAGE_ARGUMENTS_CLASH'],
      ['offset: 0, last: 1', 200, 'PAGE_ARGUMENTS_CLASH'],
      ['offset: 0, before: "x"', 200, 'PAGE_ARGUMENTS_CLASH'],
    ] as const)('is refused: %s', async (page, status, code) => {
      expectRefusal(await project.ask(`{ customers(${page}) { totalCount } }`), status, code);
      const related = `{ customers(first: 1) { nodes { invoicesConnection(${page}) { totalCount } } } }`;
      expectRefusal(await project.ask(related), status, code);
    });

    it.each([
      ['limit: -1', 'GROUP_LIMIT_INVALID'],
      ['limit: 10001', 'GROUP_LIMIT_INVALID'],
      ['offset: -1', 'PAGE_OFFSET_INVALID'],
    ])('of groups is refused: %s', async (piece, code) => {
      const query = `{ customersAggregate(groupBy: [{ field: name }], ${piece}) { count } }`;
      expectRefusal(await project.ask(query), 200, code);
    });

    it('behind the end is empty', async () => {
      const query = `{
        rows: customers(offset: 2147483647, first: 10000) { nodes { id } pageInfo { hasNextPage hasPreviousPage } }
        groups: customersAggregate(groupBy: [{ field: name }], offset: 2147483647) { count }
      }`;
      expect(await right(query)).toEqual({
        rows: { nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: true } },
        groups: [],
      });
    });
  });
});

function nested(name: string, times: number, inner: unknown): unknown {
  return times === 0 ? inner : { [name]: nested(name, times - 1, inner) };
}

/** One field many times under different names. */
function many(times: number, query: string): string {
  const field = query.slice(1, -1);
  return `{ ${Array.from({ length: times }, (_, number) => `a${number}: ${field}`).join(' ')} }`;
}
