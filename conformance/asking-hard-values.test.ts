import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { expectRefusal } from './testing/expect-refusal.ts';
import { writeOddProject } from './testing/odd-project.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';
import { startUpError } from './testing/start-up-error.ts';

type Row = Readonly<Record<string, unknown>>;

const orderCount = 10;

describe('a graph of odd names and values', () => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let project: TestProject;

  beforeAll(async () => {
    const { directory } = writeOddProject(folders.project, Array<string>(orderCount).fill(''));
    project = await startProjectUntilClosed({
      projectDirectory: directory,
      dataDirectory: folders.data,
    });
  });
  afterAll(() => project.server.close());

  async function right(query: string, variables: Row = {}, headers = {}): Promise<Row> {
    const { status, data, errors } = await project.ask(query, variables, headers);
    expect({ status, errors }).toEqual({ status: 200, errors: undefined });
    return data ?? {};
  }

  async function idsOf(query: string, variables: Row = {}): Promise<readonly string[]> {
    const { orders } = await right(query, variables);
    return (orders as { readonly nodes: readonly { readonly id: string }[] }).nodes.map(
      ({ id }) => id,
    );
  }

  describe('names that mean something to SQL', () => {
    it.each([
      [`{ select: { eq: "b'; --" } }`, ['2']],
      [`{ select: { contains: "\\"" } }`, ['4']],
      ['{ table: { gte: 2 }, semicolon: { lt: 1 } }', ['4']],
      ['{ from: { in: [select, DROP_TABLE] }, where: { lt: "0" } }', ['4']],
      ['{ from: { eq: DROP_TABLE } }', ['2']],
      ['{ order: { gt: "900719925474099311" } }', ['4']],
      ['{ parent: { select: { eq: "a" }, children: { count: { eq: 2 } } } }', ['2', '3']],
      [
        '{ children: { some: { from: { eq: select } }, having: { max: { table: { eq: 4 } } } } }',
        ['2'],
      ],
    ])('can be filtered by: %s', async (where, expected) => {
      expect(await idsOf(`{ orders(where: ${where}) { nodes { id } } }`)).toEqual(expected);
    });

    it('can be sorted, searched and paged by', async () => {
      const orderBy =
        '[{ from: DESC }, { parent: { select: ASC_NULLS_FIRST } }, { childrenAggregate: { sum: { semicolon: DESC } } }, { where: ASC }]';
      const whole = await idsOf(`{ orders(orderBy: ${orderBy}) { nodes { id } } }`);
      expect(whole.slice(0, 3)).toEqual(['1', '4', '2']);
      const walked: string[] = [];
      for (let after: string | null = null; walked.length < orderCount;) {
        const { orders } = await right(
          `query ($after: String) { orders(orderBy: ${orderBy}, first: 3, after: $after) { nodes { id } pageInfo { endCursor } } }`,
          { after },
        );
        const { nodes, pageInfo } = orders as {
          readonly nodes: readonly { readonly id: string }[];
          readonly pageInfo: { readonly endCursor: string | null };
        };
        walked.push(...nodes.map(({ id }) => id));
        after = pageInfo.endCursor;
      }
      expect(walked).toEqual(whole);
      expect(await idsOf('{ orders(search: { text: "\\"D\\"" }) { nodes { id } } }')).toEqual([
        '4',
      ]);
    });

    it('can be grouped by and summed', async () => {
      const query = `{
        ordersAggregate(groupBy: [{ field: from }, { parent: { field: select } }], having: { count: { lt: 5 } }) {
          keys { from parent { select } } count sum { semicolon table parent { semicolon } } max { select where }
        }
      }`;
      expect(await right(query)).toEqual({
        ordersAggregate: [
          group(
            'DROP_TABLE',
            'a',
            1,
            { semicolon: 2.5, table: 2 },
            1.5,
            "b'; --",
            '9007199254740992',
          ),
          group(
            'select',
            "b'; --",
            1,
            { semicolon: 0.01, table: 4 },
            2.5,
            '"d"',
            '-9223372036854775808',
          ),
          group('select', null, 1, { semicolon: 1.5, table: 1 }, null, 'a', '9007199254740993'),
          group(null, 'a', 1, { semicolon: null, table: null }, 1.5, null, null),
        ],
      });
    });

    it.each([
      ['and: Int', 'Thing.and'],
      ['or: String', 'Thing.or'],
      ['not: Thing @relation(columns: ["not_id"])', 'Thing.not'],
      ['field: Thing @relation(columns: ["field_id"])', 'Thing.field'],
      [
        'thingsAggregate: Int things: [Thing!]! @relation(columns: ["thing_id"])',
        'Thing.thingsAggregate',
      ],
    ])('are refused where they would mean two things: %s', async (field, name) => {
      const folder = ProjectFolder.empty(tempFolder());
      folder.addSubgraph(
        'things',
        `${schemaHead}type Thing @key(fields: "id") @table { id: ID! ${field} }\ntype Query { thing(id: ID!): Thing }\n`,
      );
      const error = await startUpError(folder, tempFolder());
      expect(error).toMatchObject({ code: 'HUB_NAME_RESERVED' });
      expect(error.message).toContain(name);
    });
  });

  describe('a number beyond 2^53', () => {
    const exact = '9007199254740993';

    it('as a text is compared exactly, by variable and in the question', async () => {
      const query = `query ($where: BigInt, $order: Decimal) {
        orders(where: { or: [{ where: { eq: $where } }, { order: { eq: $order } }] }) { nodes { id } } }`;
      expect(await idsOf(query, { where: exact, order: exact })).toEqual(['1']);
      expect(await idsOf(query, { where: '-9223372036854775808' })).toHaveLength(orderCount);
      expect(await idsOf(query, { where: '-9223372036854775808', order: '1' })).toEqual(['4']);
      const literal = `{ orders(where: { where: { eq: "${exact}" }, order: { eq: "${exact}" } }) { nodes { id } } }`;
      expect(await idsOf(literal)).toEqual(['1']);
    });

    it('as a number in the question is compared exactly', async () => {
      const where = `{ where: { gt: 9007199254740992 }, order: { in: [${exact}] } }`;
      expect(await idsOf(`{ orders(where: ${where}) { nodes { id } } }`)).toEqual(['1']);
    });

    it('is compared exactly too where the gateway plans the question', async () => {
      const where = `{ where: { gt: 9007199254740992 }, order: { in: [${exact}] } }`;
      expect(await idsOf(`{ orders(where: ${where}) { nodes { id price } } }`)).toEqual(['1']);
    });

    it.each(['BigInt', 'Decimal'])('as a JSON number of a %s is refused', async (type) => {
      const field = type === 'BigInt' ? 'where' : 'order';
      const query = `query ($n: ${type}) { orders(where: { ${field}: { eq: $n } }) { totalCount } }`;
      // By then it has been rounded, and nobody could say which number was meant.
      expectRefusal(await project.ask(query, { n: 2 ** 53 }), 400, 'WIRE_INPUT_INVALID');
      expect(await right(query, { n: 2 ** 53 - 1 })).toEqual({ orders: { totalCount: 0 } });
    });

    it('is a bound like any other, and its sums are exact', async () => {
      const bounds = ['1e60', '-1e60', '123456789012345678901234567890.5'];
      const counts = bounds.map(async (bound) => {
        const ids = await idsOf(
          `{ orders(where: { order: { lt: "${bound}" } }) { nodes { id } } }`,
        );
        return ids.length;
      });
      expect(await Promise.all(counts)).toEqual([3, 0, 3]);
      const query = `{ ordersAggregate(having: { sum: { where: { lt: "1e60" } } }) { sum { where order } max { order } } }`;
      expect(await right(query, {}, { 'x-tributary-decimals': 'string' })).toEqual({
        ordersAggregate: [
          {
            sum: { where: '-9205357638345293823', order: '918734323983581297' },
            max: { order: '900719925474099312' },
          },
        ],
      });
    });

    it.each([
      '{ orders(where: { order: { lt: 1e400 } }) { totalCount } }',
      '{ orders(where: { order: { lt: 1e400 } }) { nodes { price } } }',
      '{ ordersAggregate(having: { avg: { order: { lt: 1e400 } } }) { count } order(id: 1) { price } }',
    ])('and beyond all doubles is no fault of the server: %s', async (query) => {
      const { status, errors = [] } = await project.ask(query);
      const codes = errors.map(({ extensions }) => extensions?.['code']);
      expect({ status, codes }).not.toMatchObject({ status: 500 });
      expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
    });
  });

  it.each(['NaN', 'Infinity', '-Infinity', '', ' 5', '0x10', '1_000', '+5', '5.', '.5'])(
    'takes the text "%s" for no number',
    async (n) => {
      const decimal = 'query ($n: Decimal) { orders(where: { order: { lt: $n } }) { totalCount } }';
      expectRefusal(await project.ask(decimal, { n }), 400, 'WIRE_INPUT_INVALID');
      const whole = 'query ($n: BigInt) { orders(where: { where: { lt: $n } }) { totalCount } }';
      expectRefusal(await project.ask(whole, { n }), 400, 'WIRE_INPUT_INVALID');
      const figure =
        'query ($n: Float) { ordersAggregate(having: { avg: { order: { lt: $n } } }) { count } }';
      expectRefusal(await project.ask(figure, { n }), 400, 'BAD_USER_INPUT');
      const share = 'query ($n: [Float!]!) { ordersAggregate { quantiles(at: $n) { order } } }';
      expectRefusal(await project.ask(share, { n: [n] }), 400, 'BAD_USER_INPUT');
    },
  );
});

function group(
  from: string | null,
  parent: string | null,
  count: number,
  sum: Row,
  ofParent: number | null,
  select: string | null,
  where: string | null,
): Row {
  return {
    keys: { from, parent: { select: parent } },
    count,
    sum: { ...sum, parent: { semicolon: ofParent } },
    max: { select, where },
  };
}
