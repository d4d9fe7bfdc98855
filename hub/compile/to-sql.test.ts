import { describe, expect, it } from 'vitest';
import type { KeyLookup, RowKey } from '../../lake/key-lookup.ts';
import { compileQuery, withoutDigests } from '../testing/compile-query.ts';
import { inlineProject } from '../testing/inline-project.ts';
import { shopSchemas } from '../testing/shop.ts';
import type { RowFetch } from './row-fetch.ts';
import { toStatement } from '../../lake/sql.ts';
import { openWindowSql, windowSql } from './to-sql.ts';

const { hubSchema } = inlineProject(shopSchemas);

/** The fetch and the look-ups of a query for one entity. */
function lookupsOf(query: string) {
  const [root] = compileQuery(hubSchema, query);
  if (root?.kind !== 'lookup') throw new Error('The query finds no entity');
  return root.selection;
}

function textFor(lookup: KeyLookup | undefined, keys: readonly RowKey[]): string {
  return withoutDigests(lookup?.statementFor(keys).text ?? '');
}

describe('the look-up of rows by keys', () => {
  const { lookups, fetch } = lookupsOf('{ customer(id: "C1") { name orders { id } } }');

  it('names no value in its text, and needs no order where a key has one row', () => {
    expect(textFor(lookups[0]?.lookup, [["'; DROP TABLE x; --"]])).toBe(
      'SELECT "id", "number", "name" FROM hub.customer AS "t" WHERE "t"."id" IN ($1)',
    );
  });

  it('by another key may find several rows, and orders them', () => {
    expect(textFor(lookups[1]?.lookup, [[7]])).toBe(
      'SELECT "id", "number", "name" FROM hub.customer AS "t" WHERE "t"."number" IN (CAST($1 AS INTEGER)) ORDER BY "t"."id"',
    );
  });

  it('of a relation goes by the columns that hold the key', () => {
    const [relation] = fetch.relations;
    const lookup = relation?.kind === 'rows' ? relation.lookup : undefined;
    expect(textFor(lookup, [['C1'], ['C2']])).toBe(
      'SELECT "sales.customer_id", "id" FROM hub.order AS "t" WHERE "t"."sales.customer_id" IN ($1, $2) ORDER BY "t"."id"',
    );
  });

  it('by a key of several columns unnests a list for each', () => {
    const line = lookupsOf('{ line(order: "O1", position: 1) { __typename } }');
    expect(textFor(line.lookups[0]?.lookup, [['O1', 1]])).toBe(
      'SELECT "order", "position" FROM hub.line AS "t" WHERE ("t"."order", "t"."position") IN (SELECT unnest(CAST($1 AS VARCHAR[])), unnest(CAST($2 AS INTEGER[])))',
    );
  });
});

describe('the statements of a page', () => {
  const fetch = ((): RowFetch => {
    const [root] = compileQuery(hubSchema, '{ customers { nodes { name } } }');
    if (root?.kind !== 'list') throw new Error('The query is no list');
    return root.fetch;
  })();

  it.each([
    [
      'a window of the sequence',
      windowSql(fetch, { after: 3n, until: 5n }),
      'SELECT "name", "_seq" FROM hub.customer WHERE "_seq" > $1 AND "_seq" <= $2',
    ],
    [
      'all that comes after',
      openWindowSql(fetch, 3n, 7),
      'SELECT "name", "_seq" FROM hub.customer WHERE "_seq" > $1 ORDER BY "_seq" LIMIT $2',
    ],
  ])('%s', (_, rows, expected) => {
    expect(withoutDigests(toStatement(rows).text)).toBe(expected);
  });
});
