import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const asString = { 'x-tributary-decimals': 'string' };
const asNumber = { 'x-tributary-decimals': 'number' };
const query = (id: string) => `{ customer(id: "${id}") { accountValue creditLimit } }`;

for (const hub of [true, false]) {
  describe(`decimals, ${hub ? 'with the hub' : 'by plain federation'}`, () => {
    const folder = sharedTempFolder();
    let project: TestProject;
    let stringProject: TestProject;

    beforeAll(async () => {
      const files = ProjectFolder.copyOfRepository(join(folder, 'project'));
      // A value that no double holds.
      files.edit(
        'lake-data/seed/sales/customer.csv',
        'C0000001,9342.48,',
        'C0000001,1234567890123456.78,',
      );
      const projectDirectory = files.directory;
      [project, stringProject] = await Promise.all([
        startProjectUntilClosed({
          projectDirectory,
          dataDirectory: join(folder, 'numbers'),
          flags: { graph: { hub } },
        }),
        startProjectUntilClosed({
          projectDirectory,
          dataDirectory: join(folder, 'strings'),
          flags: { graph: { hub, decimals: 'string' } },
        }),
      ]);
    });

    afterAll(() => Promise.all([project?.server.close(), stringProject?.server.close()]));

    it('are numbers by default, stored and computed ones', async () => {
      const { data } = await project.ask(query('C0000042'));
      expect(data?.['customer']).toEqual({ accountValue: 95761.38, creditLimit: 9576.14 });
    });

    it('are strings at their scale when the request asks for it', async () => {
      const { data } = await project.ask(query('C0000042'), {}, asString);
      expect(data?.['customer']).toEqual({ accountValue: '95761.38', creditLimit: '9576.14' });
    });

    it('are strings when the server is set so, unless the request asks for numbers', async () => {
      const strings = await stringProject.ask(query('C0000042'));
      expect(strings.data?.['customer']).toEqual({
        accountValue: '95761.38',
        creditLimit: '9576.14',
      });
      const numbers = await stringProject.ask(query('C0000042'), {}, asNumber);
      expect(numbers.data?.['customer']).toEqual({ accountValue: 95761.38, creditLimit: 9576.14 });
    });

    it('are an error that names the setting where a number would lose digits', async () => {
      const { data, errors } = await project.ask(
        '{ customer(id: "C0000001") { name worth: accountValue } }',
      );
      expect(data?.['customer']).toMatchObject({ name: expect.any(String), worth: null });
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('1234567890123456.78'),
          path: ['customer', 'worth'],
          extensions: {
            code: 'WIRE_DECIMAL_INEXACT',
            hint: expect.stringMatching(/x-tributary-decimals.*graph\.decimals/),
          },
        },
      ]);
      const exact = await project.ask(
        '{ customer(id: "C0000001") { accountValue } }',
        {},
        asString,
      );
      expect(exact.data?.['customer']).toEqual({ accountValue: '1234567890123456.78' });
    });

    it.runIf(hub)('have the error at the item of a list', async () => {
      const { errors } = await project.ask(
        '{ customers(first: 3) { edges { node { id accountValue } } } }',
      );
      expect(errors?.map(({ path }) => path)).toEqual([
        ['customers', 'edges', 0, 'node', 'accountValue'],
      ]);
    });
  });
}
