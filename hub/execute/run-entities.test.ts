import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { identifier, sql, table, value } from '../../lake/sql.ts';
import { projectionsOf } from '../../mapping/projection.ts';
import { openHub, type TestHub } from '../testing/open-hub.ts';
import { shopRows, shopSchemas } from '../testing/shop.ts';

const directory = sharedTempFolder();
let hub: TestHub;
beforeAll(async () => {
  hub = await openHub({ directory, domains: shopSchemas, rows: shopRows });
  // Orders O3 and O4 go on naming the customer that is gone.
  const customers = table('hub', projectionsOf(hub.model).get('Customer')?.table ?? '');
  await hub.lake.write((tx) =>
    tx.run(sql`DELETE FROM ${customers} WHERE ${identifier('id')} = ${value('C9')}`),
  );
});
afterAll(() => hub.close());

/** What the entities of some representations answer, and where errors stand. */
async function findAll(representations: readonly unknown[], selection: string) {
  hub.statements.length = 0;
  const { data, errors } = await hub.ask(
    `query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`,
    { r: representations },
  );
  const problems = (errors ?? []).map(({ path, message, extensions }) => ({
    path: path?.join('.'),
    code: extensions['code'],
    message,
  }));
  return { entities: data?.['_entities'], problems, statementCount: hub.statements.length };
}

describe('representations', () => {
  it('are answered in their order, whatever their types, keys and repetitions', async () => {
    const found = await findAll(
      [
        { __typename: 'Order', id: 'O1' },
        { __typename: 'Customer', id: 'C2' },
        { __typename: 'Customer', number: 7 },
        { __typename: 'Customer', id: 'C2' },
        { __typename: 'Line', position: 1, order: 'O2' },
      ],
      '__typename ... on Customer { id } ... on Order { customer { name } } ... on Line { product { upc region } }',
    );
    expect(found).toEqual({
      entities: [
        { __typename: 'Order', customer: { name: 'Ada' } },
        { __typename: 'Customer', id: 'C2' },
        { __typename: 'Customer', id: 'C1' },
        { __typename: 'Customer', id: 'C2' },
        { __typename: 'Line', product: { upc: 200, region: 'US' } },
      ],
      problems: [],
      statementCount: 5,
    });
  });

  it('of what does not exist, or cannot, are null without an error', async () => {
    const found = await findAll(
      [
        { __typename: 'Customer', id: 'C9' },
        { __typename: 'Customer', id: null },
        { __typename: 'Customer', id: { a: 1 } },
        { __typename: 'Customer', number: 'seven' },
        { __typename: 'Customer', number: 2 ** 40 },
        { __typename: 'Line', order: 'O1', position: null },
      ],
      '__typename',
    );
    expect(found.entities).toEqual([null, null, null, null, null, null]);
    expect(found.problems).toEqual([]);
  });

  it('that name no key, or no entity, are errors in their places, and do no harm to the others', async () => {
    const found = await findAll(
      [
        { __typename: 'Customer', name: 'Ada' },
        { __typename: 'Customer', id: 'C1' },
        { __typename: 'Line', order: 'O1' },
        { __typename: 'Product', upc: 1, region: 'EU' },
        { id: 'C1' },
        'C1',
      ],
      '__typename',
    );
    expect(found.entities).toEqual([null, { __typename: 'Customer' }, null, null, null, null]);
    expect(found.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(
      [0, 2, 3, 4, 5].map((index) => `_entities.${index} REPRESENTATION_INVALID`),
    );
    expect(found.problems[0]?.message).toContain('(id; number)');
  });

  it('in any number need one statement a type', async () => {
    const representations = Array.from({ length: 1000 }, (_, index) => ({
      __typename: 'Customer',
      id: `C${index}`,
    }));
    const { entities, statementCount } = await findAll(representations, '... on Customer { name }');
    expect(statementCount).toBe(1);
    expect((entities as readonly unknown[]).filter((entity) => entity !== null)).toHaveLength(3);
  });

  it('may be none', async () => {
    expect(await findAll([], '__typename')).toEqual({
      entities: [],
      problems: [],
      statementCount: 0,
    });
  });

  it('may be written into the query, with variables inside', async () => {
    const { data } = await hub.ask(
      `query ($id: ID!) {
        a: _entities(representations: [{ __typename: "Customer", id: $id }]) { ... on Customer { name } }
        b: _entities(representations: { __typename: "Customer", number: 8 }) { ... on Customer { id } }
      }`,
      { id: 'C3' },
    );
    expect(data).toEqual({ a: [{ name: '慕容' }], b: [{ id: 'C2' }] });
  });
});

describe('a look-up', () => {
  it.each([
    [
      'by its key',
      '{ customer(id: "C1") { name worth tags } }',
      { customer: { name: 'Ada', worth: 12.5, tags: ['a', 'b'] } },
    ],
    [
      'by a key of several fields, in any order',
      '{ line(position: 1, order: "O1") { product { upc } } }',
      { line: { product: { upc: 100 } } },
    ],
    [
      'that returns an interface',
      '{ named(id: "C2") { __typename name ... on Customer { number } } }',
      { named: { __typename: 'Customer', name: 'Björn "B" O\'Neil', number: 8 } },
    ],
    [
      'of what a domain has no row for',
      '{ customer(id: "C3") { name number worth tier tags orders { id } } }',
      { customer: { name: '慕容', number: null, worth: null, tier: null, tags: null, orders: [] } },
    ],
    ['of what does not exist', '{ customer(id: "C9") { name } }', { customer: null }],
    ['of what looks like SQL', `{ customer(id: "C1' OR '1'='1") { name } }`, { customer: null }],
    [
      'under several names',
      '{ a: customer(id: "C1") { id } b: customer(id: "C2") { id } }',
      { a: { id: 'C1' }, b: { id: 'C2' } },
    ],
  ])('%s', async (_, query, expected) => {
    const { data, errors } = await hub.ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual(expected);
  });

  it('that must find something and does not is an error', async () => {
    const { data, errors } = await hub.ask(
      '{ customer(id: "C1") { id } must: mustHave(id: "C9") { id } }',
    );
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: 'Cannot return null for non-nullable field Query.mustHave.',
      path: ['must'],
    });
  });
});

describe('nulls and errors', () => {
  it('of a value that its type does not have stand at its place', async () => {
    const { data, errors } = await hub.ask('{ customer(id: "C2") { id t: tier } }');
    expect(data).toEqual({ customer: { id: 'C2', t: null } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      path: ['customer', 't'],
      extensions: { code: 'WIRE_ENUM_VALUE' },
    });
  });

  it('of a relation that leads nowhere are nulls where they may be', async () => {
    const { data, errors } = await hub.ask(
      '{ order(id: "O3") { giftFor { name } customer { id } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ order: { giftFor: null, customer: { id: 'C2' } } });
  });

  it('spread to what must not hold them', async () => {
    const { data, errors } = await hub.ask(
      '{ order(id: "O4") { id customer { id } } other: order(id: "O1") { customer { id } } }',
    );
    expect(data).toEqual({ order: null, other: { customer: { id: 'C1' } } });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({
      message: 'Cannot return null for non-nullable field Order.customer.',
      path: ['order', 'customer'],
    });
  });

  it('spread from a list of items that must be there up to the whole answer', async () => {
    const { data, errors } = await hub.ask('{ orders { nodes { customer { id } } } }');
    expect(data).toBeNull();
    expect(errors?.map(({ path }) => path)).toEqual([['orders', 'nodes', 3, 'customer']]);
  });

  it('of a reference whose key is not whole are nulls', async () => {
    const { data } = await hub.ask('{ order(id: "O1") { lines { position product { region } } } }');
    expect(data).toEqual({
      order: {
        lines: [
          { position: 1, product: { region: 'EU' } },
          { position: 2, product: null },
        ],
      },
    });
  });
});

describe('a second key', () => {
  it('that several entities share finds none of them, and says so', async () => {
    const twins = await openHub({
      directory: `${directory}/twins`,
      domains: shopSchemas,
      rows: {
        ...shopRows,
        'sales/customer.csv': 'id,number,worth,tier,tags\nC1,7,,,\nC2,7,,,\nC3,9,,,\n',
      },
    });
    try {
      const { data, errors } = await twins.ask(
        '{ _entities(representations: [{ __typename: "Customer", number: 7 }, { __typename: "Customer", number: 9 }]) { ... on Customer { id } } }',
      );
      expect(data).toEqual({ _entities: [null, { id: 'C3' }] });
      expect(errors?.[0]).toMatchObject({
        path: ['_entities', 0],
        extensions: { code: 'KEY_NOT_UNIQUE' },
      });
    } finally {
      await twins.close();
    }
  });
});
