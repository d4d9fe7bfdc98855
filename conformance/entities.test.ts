import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import {
  repositoryDirectory,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

type Representation = Readonly<Record<string, unknown>>;

/** Of each subgraph: fields that its own table holds, and how many tables it has to ask for any customers. */
const subgraphs = [
  { name: 'identity', selection: 'id name email createdAt', tables: 1 },
  { name: 'sales', selection: 'id accountValue salesRep', tables: 2 },
  { name: 'support', selection: 'id supportTier lifetimeTickets', tables: 2 },
  { name: 'billing', selection: 'id vatNumber paymentTerms', tables: 2 },
  { name: '_hub', selection: 'id name accountValue supportTier vatNumber', tables: 1 },
] as const;

const allKeys = Array.from(
  { length: 1_000 },
  (_, index) => `C${String(index + 1).padStart(7, '0')}`,
);

describe('a subgraph under /subgraphs', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });

  afterAll(() => project.server.close());

  function ask(name: string, query: string, variables = {}): Promise<GraphAnswer> {
    return askGraph(`${project.server.url}/subgraphs/${name}`, query, variables);
  }

  async function entities(
    name: string,
    selection: string,
    representations: readonly unknown[],
  ): Promise<GraphAnswer & { readonly found: readonly Representation[] }> {
    project.statements.length = 0;
    const query = `query ($keys: [_Any!]!) { _entities(representations: $keys) { __typename ... on Customer { ${selection} } } }`;
    const answer = await ask(name, query, { keys: representations });
    return { ...answer, found: (answer.data?.['_entities'] ?? []) as readonly Representation[] };
  }

  describe.each(subgraphs)('$name', ({ name, selection, tables }) => {
    it('answers 1,000 keys with one statement a table', async () => {
      const { found, errors } = await entities(name, selection, allKeys.map(customer));
      expect(errors).toBeUndefined();
      expect(found.map(({ id }) => id)).toEqual(allKeys);
      expect(project.statements).toHaveLength(tables);
    });

    it('keeps the order and repeats what comes twice', async () => {
      const keys = ['C0000042', 'C0000001', 'C0000042', 'C0000007', 'C0000001'];
      const { found } = await entities(name, selection, keys.map(customer));
      expect(found.map(({ id }) => id)).toEqual(keys);
      expect(found[0]).toEqual(found[2]);
    });

    it('answers an unknown key with null, in its place', async () => {
      const keys = ['C0000001', 'nobody', 'C0000002', '', "' OR 1=1 --"];
      const { found, errors } = await entities(name, selection, keys.map(customer));
      expect(errors).toBeUndefined();
      expect(found.map((entity) => entity?.['id'] ?? null)).toEqual([
        'C0000001',
        null,
        'C0000002',
        null,
        null,
      ]);
    });

    it('gives the same entity for a key that is a number in JSON', async () => {
      const { found, errors } = await entities(name, selection, [
        { __typename: 'Customer', id: 42 },
      ]);
      expect({ found, errors }).toEqual({ found: [null], errors: undefined });
    });

    it('answers none for none', async () => {
      const { found, errors } = await entities(name, selection, []);
      expect({ found, errors }).toEqual({ found: [], errors: undefined });
      expect(project.statements).toEqual([]);
    });

    it('reports an unknown type at its own place, and answers the others', async () => {
      const { found, errors } = await entities(name, selection, [
        customer('C0000001'),
        { __typename: 'Custumer', id: 'C0000001' },
        customer('C0000002'),
      ]);
      expect(found.map((entity) => entity?.['id'] ?? null)).toEqual(['C0000001', null, 'C0000002']);
      expect(errors?.map(({ path }) => path)).toEqual([['_entities', 1]]);
      expect(errors?.[0]?.message).toContain('Custumer');
    });

    it.each([
      ['without a key', { __typename: 'Customer' }],
      ['with a key of another name', { __typename: 'Customer', number: 1 }],
      ['without a type', { id: 'C0000001' }],
      ['with a type that is no text', { __typename: 7, id: 'C0000001' }],
      ['that names a type without a key', { __typename: 'Query', id: 'C0000001' }],
      ['that names a property of objects', { __typename: 'constructor', id: 'C0000001' }],
    ])('reports a representation %s at its own place', async (_, representation) => {
      const { found, errors } = await entities(name, selection, [
        customer('C0000001'),
        representation,
      ]);
      expect(found.map((entity) => entity?.['id'] ?? null)).toEqual(['C0000001', null]);
      expect(errors?.map(({ path }) => path)).toEqual([['_entities', 1]]);
      expect(errors?.[0]?.extensions?.['code']).not.toBe('INTERNAL_SERVER_ERROR');
    });

    it.each([
      ['an object', { a: 1 }],
      ['a list', ['C0000001']],
      ['a truth', true],
      ['a null', null],
    ])('takes a key that is %s for one that nobody has', async (_, id) => {
      const { found, errors } = await entities(name, selection, [
        customer('C0000001'),
        { __typename: 'Customer', id },
      ]);
      expect(found.map((entity) => entity?.['id'] ?? null)).toEqual(['C0000001', null]);
      expect(errors).toBeUndefined();
    });

    it.each([
      ['text', 'C0000001'],
      ['a number', 7],
      ['a list', [[]]],
    ])('says clearly that %s is no representation', async (_, representation) => {
      const { errors } = await entities(name, selection, [representation]);
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions?.['code']).not.toBe('INTERNAL_SERVER_ERROR');
      expect(errors?.[0]?.message).toMatch(/representation/i);
    });

    it('never falls over a prototype that a representation brings', async () => {
      const hostile = JSON.parse(
        '{ "__typename": "Customer", "id": "C0000001", "__proto__": { "name": "x" }, "constructor": 1 }',
      ) as unknown;
      const { found, errors } = await entities(name, selection, [hostile]);
      expect(errors).toBeUndefined();
      expect(found[0]).toMatchObject({ id: 'C0000001' });
    });

    it('says its schema', async () => {
      const { data } = await ask(name, '{ _service { sdl } }');
      const sdl =
        name === '_hub'
          ? (expect.stringContaining('type CustomerConnection') as unknown)
          : committedSchema(name);
      expect(data).toEqual({ _service: { sdl } });
    });
  });

  it('computes from what a representation brings along', async () => {
    const { found } = await entities('sales', 'creditLimit', [
      { ...customer('C0000001'), paymentTerms: 'NET_60' },
      { ...customer('C0000001'), paymentTerms: 'DUE_ON_RECEIPT' },
      { ...customer('C0000001'), paymentTerms: null },
    ]);
    expect(found.map(({ creditLimit }) => creditLimit)).toEqual([934.25, 4671.24, null]);
  });

  it('answers several kinds of entities at once', async () => {
    const query = `query ($keys: [_Any!]!) {
      _entities(representations: $keys) {
        ... on Customer { vatNumber }
        ... on Invoice { amount customer { id } }
      }
    }`;
    const keys = [
      { __typename: 'Invoice', id: 'I00000002' },
      customer('C0000002'),
      { __typename: 'Invoice', id: 'I00000001' },
    ];
    const answers = await Promise.all(
      ['billing', '_hub'].map((name) => ask(name, query, { keys })),
    );
    expect(answers[0]?.data?.['_entities']).toEqual([
      { amount: 33287.34, customer: { id: 'C0000001' } },
      { vatNumber: 'IT91365125841' },
      { amount: 8641.64, customer: { id: 'C0000001' } },
    ]);
    expect(answers[1]?.data).toEqual(answers[0]?.data);
  });

  it('is unknown under any other name', async () => {
    const { status, errors } = await ask('salez', '{ __typename }');
    expect(status).toBe(404);
    expect(errors?.[0]?.message).toContain('salez');
  });
});

function customer(id: string): Representation {
  return { __typename: 'Customer', id };
}

function committedSchema(name: string): string {
  return readFileSync(join(repositoryDirectory, 'subgraphs', name, 'schema.graphql'), 'utf8');
}
