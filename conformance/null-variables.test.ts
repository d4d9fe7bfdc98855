import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

describe.each([true, false])(
  'a variable that is null in spite of its default, with the hub switched to %s',
  (hub) => {
    const dataDirectory = sharedTempFolder();
    let project: TestProject;

    beforeAll(async () => {
      project = await startProjectUntilClosed({ dataDirectory, flags: { graph: { hub } } });
    });
    afterAll(() => project.server.close());

    it('is no key', async () => {
      const query = 'query ($id: ID = "C0000042") { customer(id: $id) { id } }';
      expect((await project.ask(query)).data).toEqual({ customer: { id: 'C0000042' } });
      const { data, errors } = await project.ask(query, { id: null });
      expect(data?.['customer'] ?? null).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.message).toContain('must not be null');
    });

    it('decides no condition', async () => {
      const query =
        'query ($no: Boolean = false) { customer(id: "C0000042") { id name @skip(if: $no) } }';
      expect((await project.ask(query)).data).toEqual({
        customer: { id: 'C0000042', name: expect.any(String) },
      });
      const { data, errors } = await project.ask(query, { no: null });
      expect(data?.['customer'] ?? null).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    });
  },
);

describe('a name of an operation that no operation can have', () => {
  it('does not pass for the beginning of a text that somebody else has asked', async () => {
    const dataDirectory = sharedTempFolder();
    const project = await startProjectUntilClosed({ dataDirectory });
    try {
      const ask = async (operationName: string, query: string): Promise<unknown> => {
        const response = await fetch(`${project.server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ operationName, query }),
        });
        return ((await response.json()) as { readonly data?: unknown }).data ?? null;
      };
      const text = 'query B { customer(id: "C0000042") { id } }';
      for (let time = 0; time < 3; time++)
        expect(await ask('B', `${text}\n# tail`)).toEqual({ customer: { id: 'C0000042' } });
      expect(await ask(`B\n${text}`, '# tail')).toBeNull();
    } finally {
      await project.server.close();
    }
  });
});
