import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const things = `${schemaHead}
enum Colour { RED BLUE }
type Thing @key(fields: "id") @table {
  id: ID!
  text: String
  share: Decimal @column(type: "DECIMAL(4,4)")
  amount: Decimal @column(type: "DECIMAL(18,2)")
  code: String @column(type: "DECIMAL(3,3)")
  number: Float
  whole: BigInt
  at: DateTime
  on: Date
  colour: Colour
  isGood: Boolean
  small: Int
}
type Query { thing(id: ID!): Thing }
`;

/** Values that are easily written wrong: by text of the seed file. */
const odd = {
  text: [
    'plain',
    '"""quoted"""',
    '\\',
    '"a\nb\tc"',
    '\u0001\u001f\u007f',
    '\u2028\u2029',
    '😀 ä',
    '</script>',
    '',
  ],
  share: ['0.5', '-0.25', '0.0001', '0', '-0.9999', ''],
  amount: ['0.10', '-0.01', '0', '100', '9999999999999.99', ''],
  code: ['0.5', '-0.125', '0', ''],
  number: ['0', '-0.0', '1e-7', '1.5e300', '5e-324', '123456789012345680000', '1e21', '0.1', ''],
  whole: ['0', '-9223372036854775808', '9223372036854775807', ''],
  at: [
    '2020-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.5Z',
    '',
  ],
  on: ['2020-02-29', '0001-01-01', '9999-12-31', ''],
  colour: ['RED', 'BLUE', ''],
  isGood: ['true', 'false', ''],
  small: ['0', '-2147483648', '2147483647', ''],
};
const rowCount = 250;

interface Page {
  readonly nodes: readonly unknown[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
}

/** The lake writes large pages as JSON, and small ones are made value by value. Nobody may see the difference. */
describe('a large page', () => {
  const folders = { project: sharedTempFolder(), data: sharedTempFolder() };
  let project: TestProject;

  beforeAll(async () => {
    const folder = ProjectFolder.empty(folders.project);
    folder.addSubgraph('things', things);
    const columns = Object.values(odd);
    const rows = Array.from({ length: rowCount }, (_, row) =>
      [row, ...columns.map((values) => values[row % values.length])].join(','),
    );
    const header = ['id', ...Object.keys(odd).map((name) => name.replace('isGood', 'is_good'))];
    folder.write('lake-data/seed/things/thing.csv', `${[header.join(), ...rows].join('\n')}\n`);
    project = await startProjectUntilClosed({
      projectDirectory: folder.directory,
      dataDirectory: folders.data,
    });
  });
  afterAll(() => project.server.close());

  const fields = ['id', '__typename', ...Object.keys(odd), 'again: text'].join(' ');

  async function page(given: string, decimals: string): Promise<Page> {
    const { data, errors } = await project.ask(
      `{ things(${given}) { nodes { ${fields} } pageInfo { endCursor hasNextPage } } }`,
      {},
      { 'x-tributary-decimals': decimals },
    );
    expect(errors).toBeUndefined();
    return data?.['things'] as Page;
  }

  const orders = [
    'where: {}',
    'orderBy: [{ text: DESC }, { share: ASC_NULLS_FIRST }]',
    'where: { small: { ne: null } }',
  ];
  for (const order of orders)
    for (const decimals of ['number', 'string'])
      it(`has what small ones have together: ${order}, with a ${decimals} for a decimal`, async () => {
        const large = await page(`${order}, first: 10000`, decimals);
        const together: unknown[] = [];
        for (let after = ''; ;) {
          const { nodes, pageInfo } = await page(`${order}, first: 60${after}`, decimals);
          together.push(...nodes);
          if (!pageInfo.hasNextPage) break;
          after = `, after: ${JSON.stringify(pageInfo.endCursor)}`;
        }
        expect(together.length).toBeGreaterThan(180);
        expect(large.nodes).toEqual(together);
        const backward = await page(`${order}, last: 10000`, decimals);
        expect(backward.nodes).toEqual(together);
        const cut = await page(`${order}, first: 200`, decimals).then(({ pageInfo }) => pageInfo);
        const rest = await page(
          `${order}, first: 500, after: ${JSON.stringify(cut.endCursor)}`,
          decimals,
        );
        expect(rest.nodes).toEqual(together.slice(200));
      });
});
