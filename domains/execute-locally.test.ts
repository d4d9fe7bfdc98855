import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DocumentCache } from './document-cache.ts';
import { executeSubgraph } from './execute-locally.ts';
import { committedSchema, openDomains, plain } from './testing/subgraph-harness.ts';

describe('asking a subgraph in this process', () => {
  it('says what is wrong with a query', async () => {
    const { ask } = await openDomains({ schemas: { identity: committedSchema('identity') } });
    expect((await ask('identity', '{ customer(')).errors?.[0]?.message).toContain('Syntax Error');
    const unknown = await ask('identity', '{ customer(id: "c1") { surname } }');
    expect(unknown.errors?.[0]?.message).toContain('Cannot query field "surname"');
    expect(unknown.statements).toEqual([]);
    const unset = await ask('identity', 'query ($id: ID!) { customer(id: $id) { id } }');
    expect(unset.errors?.[0]?.message).toContain('"$id"');
  });

  it('takes a document and the name of one of its operations', async () => {
    const { services } = await openDomains({ schemas: { identity: committedSchema('identity') } });
    const service = services.get('identity');
    if (service === undefined) throw new Error('no service');
    const result = await executeSubgraph(service, {
      query: parse('query A { __typename } query B($id: ID!) { customer(id: $id) { id } }'),
      variables: { id: 'c1' },
      operationName: 'B',
      context: service.createContext({ decimals: 'number' }),
    });
    expect(plain(result)).toEqual({ data: { customer: null } });
  });
});

describe('the cache of documents', () => {
  it('keeps what was used last, and never more than its limit', () => {
    const cache = new DocumentCache(buildSchema('type Query { a: Int }'), 2);
    const first = cache.get('{ a }');
    cache.get('{ b: a }');
    expect(cache.get('{ a }')).toBe(first);
    cache.get('{ c: a }');
    expect(cache.get('{ a }')).toBe(first);
    expect(cache.size).toBe(2);
    expect(cache.get('{ x }').kind).toBe('invalid');
  });
});
