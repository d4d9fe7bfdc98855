import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

const reason =
  '"creditLimit" is computed by sales (resolvers.ts), so it is in no table that could be';

describe('asking by a field that code computes', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });
  afterAll(() => project.server.close());

  it.each([
    ['filter', '{ customers(where: { creditLimit: { gt: 1 } }) { totalCount } }', 'filtered by'],
    [
      'filter of a relation',
      '{ invoices(where: { customer: { creditLimit: { gt: 1 } } }) { totalCount } }',
      'filtered by',
    ],
    ['sort', '{ customers(orderBy: [{ creditLimit: DESC }]) { totalCount } }', 'sorted by'],
    ['group', '{ customersAggregate(groupBy: [{ field: creditLimit }]) { count } }', 'grouped by'],
    ['sum', '{ customersAggregate { sum { creditLimit } } }', 'aggregated'],
    [
      'having',
      '{ customersAggregate(having: { sum: { creditLimit: { gt: 1 } } }) { count } }',
      'aggregated',
    ],
    [
      'search',
      '{ customers(search: { text: "a", fields: [creditLimit] }) { totalCount } }',
      'searched',
    ],
  ])('is refused with its owner and the reason: %s', async (_, query, use) => {
    const { status, errors } = await project.ask(query);
    expect({ status, errors }).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringContaining(`${reason} ${use}.`),
          extensions: { code: 'FIELD_NOT_IN_LAKE', hint: expect.stringContaining('selected') },
        },
      ],
    });
  });

  it('is refused in variables as well', async () => {
    const { status, errors } = await project.ask(
      `query ($where: CustomerFilter, $by: [CustomerGroupBy!]) {
        customers(where: $where) { totalCount }
        customersAggregate(groupBy: $by) { count }
      }`,
      { where: { not: { creditLimit: { gt: 1 } } }, by: [{ field: 'creditLimit' }] },
    );
    expect({ status, errors }).toMatchObject({
      status: 400,
      errors: [
        {
          message: expect.stringMatching(
            /^Variable "\$where" got invalid value .* at "where\.not"/,
          ),
          extensions: { code: 'FIELD_NOT_IN_LAKE' },
        },
        {
          message: expect.stringContaining(`${reason} grouped by.`),
          extensions: { code: 'FIELD_NOT_IN_LAKE' },
        },
      ],
    });
  });

  it('is not mistaken for asking by what is not there at all', async () => {
    const { errors } = await project.ask('{ customers(where: { salesRap: {} }) { totalCount } }');
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('Did you mean "salesRep"?'),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });
});

it('who may not read the schema is not told who owns a field', async () => {
  const project = await startProject({
    dataDirectory: tempFolder(),
    flags: { graph: { introspection: false } },
  });
  const { errors } = await project.ask(
    '{ customers(where: { creditLimit: { gt: 1 } }) { totalCount } }',
  );
  expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
  expect(JSON.stringify(errors)).not.toContain('sales');
});
