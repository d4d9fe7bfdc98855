import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const aboutType = '__type(name: "Customer") { kind isOneOf }';

describe.each([true, false])(
  'what is asked about the schema, with the hub switched to %s',
  (hub) => {
    const dataDirectory = sharedTempFolder();
    let project: TestProject;

    beforeAll(async () => {
      project = await startProjectUntilClosed({ dataDirectory, flags: { graph: { hub } } });
    });
    afterAll(() => project.server.close());

    it.each(['name', 'name creditLimit'])(
      'is answered beside data as it is alone: { %s }',
      async (fields) => {
        const customer = `customer(id: "C0000042") { ${fields} }`;
        const [schema, data] = [
          await project.ask(`{ ${aboutType} }`),
          await project.ask(`{ ${customer} }`),
        ];
        expect([schema.errors, data.errors]).toEqual([undefined, undefined]);
        expect(await project.ask(`{ ${aboutType} ${customer} }`)).toEqual({
          status: 200,
          data: { ...schema.data, ...data.data },
        });
      },
    );

    it('comes in its order, out of fragments, with variables and conditions', async () => {
      const query = `query ($type: String!, $id: ID!, $is: Boolean!) {
        kind: __typename
        ...Root
        last: customer(id: $id) { id }
      }
      fragment Root on Query {
        type: __type(name: $type) { isOneOf }
        ... on Query { first: customer(id: $id) { id } ...Schema }
        none: customer(id: $id) @include(if: $is) { id }
      }
      fragment Schema on Query {
        schema: __schema { queryType { name } }
        no: __schema @include(if: $is) { queryType { name } }
      }`;
      const { data, errors } = await project.ask(query, { type: 'Customer', id: 'x', is: false });
      expect(errors).toBeUndefined();
      expect(Object.entries(data ?? {})).toEqual([
        ['kind', 'Query'],
        ['type', { isOneOf: null }],
        ['first', null],
        ['schema', { queryType: { name: 'Query' } }],
        ['last', null],
      ]);
    });

    it('is answered where conditions leave no data', async () => {
      const query = `query ($is: Boolean!) { ${aboutType} customer(id: "x") @include(if: $is) { id } }`;
      expect(await project.ask(query, { is: false })).toEqual({
        status: 200,
        data: { __type: { kind: 'OBJECT', isOneOf: null } },
      });
    });

    it('is answered beside data that fails', async () => {
      const query = `query ($id: ID = "x") { ${aboutType} customer(id: $id) { id } }`;
      const { data, errors } = await project.ask(query, { id: null });
      expect(data).toEqual({ __type: { kind: 'OBJECT', isOneOf: null }, customer: null });
      expect(errors).toMatchObject([{ path: ['customer'] }]);
    });
  },
);
