import { describe, expect, it } from 'vitest';
import type { Environment } from '../../foundation/config/environment.ts';
import { RemoteSubgraphs } from './remote-subgraphs.ts';
import { silentLog, subgraphSettings } from './testing/remote-fixtures.ts';

const url = 'http://127.0.0.1:1/graphql';

function remotes(written: unknown, environment: Environment = {}): RemoteSubgraphs {
  return new RemoteSubgraphs({ config: subgraphSettings(written), environment, log: silentLog });
}

describe('the settings of a subgraph', () => {
  it('are those for all, but for what it has otherwise', () => {
    const all = remotes(
      {
        timeoutMs: 5_000,
        retries: { most: 1 },
        headers: [{ propagate: 'x-tenant' }],
        byName: {
          reviews: {
            maxConcurrent: 4,
            retries: { firstDelayMs: 7 },
            breaker: { enabled: false },
            headers: [{ set: 'x-key', variable: 'KEY' }],
          },
        },
      },
      { KEY: 'k' },
    );
    expect(all.at('reviews', url).settings).toMatchObject({
      timeoutMs: 5_000,
      maxConcurrent: 4,
      retries: { most: 1, firstDelayMs: 7, longestDelayMs: 2_000 },
      breaker: { enabled: false, pauseMs: 5_000 },
      headers: [
        { kind: 'propagate', pattern: 'x-tenant' },
        { kind: 'set', name: 'x-key', value: 'k' },
      ],
    });
    expect(all.at('stock', url).settings).toMatchObject({
      maxConcurrent: 128,
      breaker: { enabled: true },
      headers: [{ kind: 'propagate', pattern: 'x-tenant' }],
    });
  });

  it('for a subgraph that there is not are refused, with the nearest that there is', () => {
    const all = remotes({ byName: { review: { timeoutMs: 1 } } });
    expect(() => all.checkNames(['_hub', 'sales', 'reviews'])).toThrow(
      expect.objectContaining({
        code: 'SUBGRAPH_SETTINGS_UNUSED',
        message: expect.stringContaining('Did you mean "reviews"?'),
      }),
    );
  });

  it('may stay when their subgraph goes while the server runs', () => {
    const all = remotes({ byName: { reviews: { timeoutMs: 1 } } });
    all.checkNames(['sales', 'reviews']);
    expect(() => all.checkNames(['sales'])).not.toThrow();
  });
});

describe('a subgraph', () => {
  it('stays the same over graphs, with what is known of it, as long as its address does', () => {
    const all = remotes({});
    const first = all.at('reviews', url);
    expect(all.at('reviews', url)).toBe(first);
    expect(all.counters.get('reviews')).toBe(first.counters);
    expect(all.at('reviews', `${url}/v2`)).not.toBe(first);
  });

  it.each([
    '',
    'reviews',
    'ftp://example.com/',
    'file:///etc/passwd',
    'http://me:secret@a.example/',
  ])('cannot be at %j', (address) => {
    expect(() => remotes({}).at('reviews', address)).toThrow(/cannot be called at/);
  });

  it('whose header is to hold a variable that is not set cannot be called', () => {
    const all = remotes({ headers: [{ set: 'x-key', variable: 'KEY' }] });
    expect(() => all.at('reviews', url)).toThrow(
      expect.objectContaining({ code: 'SUBGRAPH_HEADER_UNSET' }),
    );
  });
});
