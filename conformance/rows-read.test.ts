import { expect, it } from 'vitest';
import { startProject } from './testing/start-project.ts';

it('a question that would read more rows than allowed is refused, and one that reads fewer is not', async () => {
  const project = await startProject({ flags: { graph: { limits: { rowsRead: 2_000 } } } });
  const customers = await project.ask('{ customersAggregate { count } }');
  expect(customers).toEqual({ status: 200, data: { customersAggregate: [{ count: 1000 }] } });
  project.statements.length = 0;
  const { errors } = await project.ask('{ invoicesAggregate { count } }');
  expect(errors).toMatchObject([
    {
      message: 'The question would make the lake read 2986 rows; 2000 are the most that one may.',
      path: ['invoicesAggregate'],
      extensions: { code: 'QUESTION_TOO_LARGE', hint: expect.stringContaining('rowsRead') },
    },
  ]);
  expect(project.statements).toEqual([]);
});
