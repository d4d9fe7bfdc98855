import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { openHub, type TestHub } from '../testing/open-hub.ts';

const domains = {
  staff: `
    type Employee @key(fields: "id") @table {
      id: ID!
      pay: Float
      manager: Employee @relation(columns: ["manager_id"])
      reports: [Employee!]! @relation(columns: ["manager_id"])
    }
    type Query { employee(id: ID!): Employee }`,
};
const rows = { 'staff/employee.csv': 'id,pay,manager_id\nE1,3.5,\nE2,2.25,E1\nE3,1.125,E1\n' };

/** `{ manager: { manager: { … } } }` around something. */
function behind(managers: number, inner: string): string {
  return `${'{ manager: '.repeat(managers)}${inner}${' }'.repeat(managers)}`;
}

describe('a short question that would cost much', () => {
  const directory = sharedTempFolder();
  let hub: TestHub;
  beforeAll(async () => {
    hub = await openHub({ directory, domains, rows });
  });
  afterAll(() => hub.close());

  const codesOf = async (query: string): Promise<readonly unknown[]> => {
    const { errors = [] } = await hub.ask(query);
    return errors.map(({ extensions }) => extensions['code']);
  };

  it.each([
    [
      'sorts',
      (depth: number) =>
        `{ employees(orderBy: [${behind(depth, '{ pay: ASC }')}]) { totalCount nodes { id } } }`,
    ],
    [
      'groups',
      (depth: number) =>
        `{ employeesAggregate(groupBy: [${behind(depth, '{ field: pay }')}]) { count } }`,
    ],
    [
      'has figures',
      (depth: number) =>
        `{ employeesAggregate(having: { sum: ${behind(depth, '{ pay: { gt: 1 } }')} }) { count } }`,
    ],
  ])('%s by a field behind eight relations and no more', async (_, query) => {
    expect(await codesOf(query(8))).toEqual([]);
    expect(await codesOf(query(9))).toEqual(['RELATION_PATH_TOO_LONG']);
  });

  it('has so many figures and no more', async () => {
    const shares = (count: number): string =>
      Array.from({ length: count }, (_, index) => String((index + 1) / 1_000)).join(', ');
    const query = (more: string): string =>
      `{ employeesAggregate { a: quantiles(at: [${shares(100)}]) { pay } b: quantiles(at: [${more}]) { pay } count } }`;
    const others = Array.from({ length: 99 }, (_, index) => String(0.9 + index / 10_000)).join(
      ', ',
    );
    expect(await codesOf(query(others))).toEqual([]);
    expect(await codesOf(query(`${others}, 0.3`))).toEqual(['AGGREGATE_TOO_WIDE']);
  });

  it('has each condition on a figure of related rows weighed like one on related rows', async () => {
    const query = (tests: number): string =>
      `{ employees(where: { reports: { having: { or: [${'{ sum: { pay: { gt: 1 } } } '.repeat(tests)}] } } }) { totalCount } }`;
    expect(await codesOf(query(20))).toEqual([]);
    expect(await codesOf(query(110))).toEqual(['FILTER_TOO_LARGE']);
  });

  it('looks at so many tables and no more', async () => {
    const aliases = (count: number): string =>
      Array.from({ length: count }, (_, index) => `a${index}: employeesAggregate { count }`).join(
        ' ',
      );
    expect(await codesOf(`{ ${aliases(60)} }`)).toEqual([]);
    const codes = await codesOf(`{ ${aliases(700)} }`);
    expect(new Set(codes)).toEqual(new Set(['QUESTION_TOO_WIDE']));
    expect(codes).toHaveLength(200);
  });

  it('reads nothing more once its answer is too large', async () => {
    const small = hub.withLimits({ rowsInAnswer: 5 });
    hub.statements.length = 0;
    const many = Array.from(
      { length: 50 },
      (_, index) => `a${index}: employees(first: 2) { nodes { id } }`,
    );
    const { errors = [] } = await small.execute({
      query: `{ ${many.join(' ')} }`,
      wire: { decimals: 'number' },
    });
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(
      new Set(['ANSWER_TOO_LARGE']),
    );
    // Those that had begun already.
    expect(hub.statements.length).toBeLessThan(10);
  });
});
