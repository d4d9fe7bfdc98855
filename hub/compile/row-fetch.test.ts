import { describe, expect, it } from 'vitest';
import { compileQuery } from '../testing/compile-query.ts';
import { inlineProject } from '../testing/inline-project.ts';
import { shopSchemas } from '../testing/shop.ts';
import type { RowFetch } from './row-fetch.ts';

const { hubSchema } = inlineProject(shopSchemas);

/** What is read of the lake for the first root field: columns by the way that leads to them. */
function readsOf(query: string): Readonly<Record<string, readonly string[]>> {
  const [root] = compileQuery(hubSchema, query);
  const reads: Record<string, readonly string[]> = {};
  if (root?.kind === 'list') add(root.fetch, root.form.responseKey);
  if (root?.kind === 'lookup') add(root.selection.fetch, root.form.responseKey);
  return reads;

  function add({ columns, relations }: RowFetch, path: string): void {
    reads[path] = columns;
    for (const relation of relations) {
      if (relation.kind !== 'aggregate')
        add(relation.target, `${path}.${relation.member.responseKey}`);
    }
  }
}

describe('what is read of an entity', () => {
  it.each([
    [
      'its keys, to tell which row is whose',
      '{ customer(id: "C1") { __typename } }',
      ['id', 'number'],
    ],
    [
      'and the selected fields, each once',
      '{ customer(id: "C1") { name n: name id worth } }',
      ['id', 'number', 'name', 'worth'],
    ],
    [
      'and the columns by which relations are followed',
      '{ order(id: "O1") { customer { id } giftFor { id } } }',
      ['id', 'sales.customer_id', 'sales.gift_for'],
    ],
  ])('%s', (_, query, columns) => {
    expect(Object.values(readsOf(query))[0]).toEqual(columns);
  });

  it('in a list is what nodes and edges select together', () => {
    expect(
      readsOf('{ customers { nodes { name } edges { node { worth name } cursor } } }'),
    ).toEqual({
      customers: ['name', 'worth'],
    });
  });

  it('in a list of nothing but a count is nothing', () => {
    expect(readsOf('{ customers { totalCount } }')).toEqual({ customers: [] });
  });
});

describe('what is read of related entities', () => {
  it('is one fetch for each response key, down to any depth', () => {
    const query = `{ customer(id: "C1") {
      orders { id customer { name orders { id } } }
      again: orders { lines { position product { upc } } }
    } }`;
    expect(readsOf(query)).toEqual({
      customer: ['id', 'number'],
      'customer.orders': ['sales.customer_id', 'id'],
      'customer.orders.customer': ['id', 'name'],
      'customer.orders.customer.orders': ['sales.customer_id', 'id'],
      'customer.again': ['sales.customer_id', 'id'],
      'customer.again.lines': ['sales.order_id', 'position', 'sales.upc', 'sales.region'],
    });
  });

  it('as a page is what nodes and edges select together, and the columns that lead there', () => {
    const query = `{ customer(id: "C1") {
      ordersConnection(first: 1) { nodes { giftFor { name } } edges { node { id } } }
      ordersAggregate { count }
    } }`;
    expect(readsOf(query)).toEqual({
      customer: ['id', 'number'],
      'customer.ordersConnection': ['sales.customer_id', 'sales.gift_for', 'id'],
      'customer.ordersConnection.giftFor': ['id', 'name'],
    });
  });

  it('is nothing more where the other entity is outside the lake', () => {
    expect(readsOf('{ line(order: "O1", position: 1) { product { region upc } } }')).toEqual({
      line: ['order', 'position', 'sales.upc', 'sales.region'],
    });
  });
});
