import { describe, expect, it } from 'vitest';
import { followHeaderRules, headerRules } from './header-rules.ts';
import { subgraphSettings } from './testing/remote-fixtures.ts';

const received = {
  host: 'graph.example',
  connection: 'keep-alive, x-tenant-hop',
  'content-length': '10',
  'content-type': 'application/json',
  'transfer-encoding': 'chunked',
  te: 'trailers',
  cookie: 'session=secret',
  authorization: 'Bearer secret',
  'x-api-key': 'secret',
  'x-tributary-router-secret': 'secret',
  'x-tenant': 'north',
  'x-tenant-region': 'eu',
  'x-tenant-hop': 'of this connection',
  'accept-language': 'de',
};

const own = { 'x-request-id': '1' };

function follow(rules: unknown, environment = {}): Readonly<Record<string, string>> {
  const { headers } = subgraphSettings({ headers: rules }).subgraphs;
  return followHeaderRules(headerRules('reviews', headers, environment), own, received);
}

describe('without a rule', () => {
  it("nothing of the caller's request is passed on", () => {
    expect(follow([])).toEqual(own);
  });
});

describe('propagate', () => {
  it('passes a header on, under another name where one is given', () => {
    expect(follow([{ propagate: 'x-tenant' }])).toEqual({ ...own, 'x-tenant': 'north' });
    expect(follow([{ propagate: 'x-tenant', as: 'x-company' }])).toEqual({
      ...own,
      'x-company': 'north',
    });
    expect(follow([{ propagate: 'x-nothing' }])).toEqual(own);
  });

  it('passes on what begins alike, but for what belongs to the connection of the caller', () => {
    expect(follow([{ propagate: 'x-tenant*' }])).toEqual({
      ...own,
      'x-tenant': 'north',
      'x-tenant-region': 'eu',
    });
  });

  it('by a pattern passes on neither credentials nor what belongs to the message', () => {
    expect(follow([{ propagate: '*' }])).toEqual({
      ...own,
      'x-tenant': 'north',
      'x-tenant-region': 'eu',
      'accept-language': 'de',
    });
  });

  it('passes credentials on where they are called by their names', () => {
    expect(follow([{ propagate: 'authorization' }, { propagate: 'cookie' }])).toEqual({
      ...own,
      authorization: 'Bearer secret',
      cookie: 'session=secret',
    });
  });
});

describe('set and remove', () => {
  it('send what the rule or the environment says', () => {
    const rules = [
      { set: 'x-source', value: 'graph' },
      { set: 'x-key', variable: 'REVIEWS_KEY' },
    ];
    expect(follow(rules, { REVIEWS_KEY: 'k-1' })).toEqual({
      ...own,
      'x-source': 'graph',
      'x-key': 'k-1',
    });
  });

  it.each([undefined, '', 'two\r\nlines', 'ü'])('refuse the variable %j', (value) => {
    const rules = [{ set: 'x-key', variable: 'REVIEWS_KEY' }];
    const environment = value === undefined ? {} : { REVIEWS_KEY: value };
    expect(() => follow(rules, environment)).toThrow(/REVIEWS_KEY, which is not set/);
  });

  it('are followed in order', () => {
    const rules = [
      { propagate: 'x-tenant*' },
      { remove: 'x-tenant-*' },
      { set: 'x-tenant', value: 'south' },
    ];
    expect(follow(rules)).toEqual({ ...own, 'x-tenant': 'south' });
  });
});

describe('a rule that cannot be meant', () => {
  it.each([
    [{}],
    [{ propagate: 'x-a', remove: 'x-a' }],
    [{ propagate: 'X-A' }],
    [{ propagate: '*-id' }],
    [{ propagate: 'x-*', as: 'x-b' }],
    [{ propagate: 'connection' }],
    [{ propagate: 'transfer-encoding' }],
    [{ set: 'host', value: 'a' }],
    [{ set: 'content-type', value: 'text/plain' }],
    [{ set: 'x-a' }],
    [{ set: 'x-a', value: 'a', variable: 'A' }],
    [{ set: 'x-a', value: 'two\nlines' }],
    [{ remove: 'x-a', value: 'a' }],
    [{ passOn: 'x-a' }],
  ])('is refused: %j', (rule) => {
    expect(() => subgraphSettings({ headers: [rule] })).toThrow();
  });
});
