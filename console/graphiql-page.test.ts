import { describe, expect, it } from 'vitest';
import { customerRevenue } from './example-query.ts';
import { graphiqlPage, graphiqlPageHeaders } from './graphiql-page.ts';

const html = graphiqlPage({ endpoint: '/graphql', example: customerRevenue });

describe('graphiqlPage', () => {
  it('names its language, title and mark, and speaks to readers without JavaScript', () => {
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<title>Tributary · GraphiQL</title>');
    expect(html).toContain('<link rel="icon" href="data:image/svg+xml,');
    expect(html).toMatch(/<noscript>.*<code>\/graphql<\/code>/);
  });

  it('refers to no other server', () => {
    const references = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url]) => url ?? '');
    expect(references).toHaveLength(3);
    for (const url of references) expect(url).toMatch(/^(\/graphiql\/|data:)/);
  });

  it('allows scripts from its own server only, and no inline ones', () => {
    const scripts = /script-src ([^;]*)/.exec(graphiqlPageHeaders['content-security-policy']);
    expect(scripts?.[1]).toBe("'self'");
    expect(html).toContain("default-src 'none'; script-src 'self';");
  });

  it('carries the endpoint and the example as they are', () => {
    expect(settingsOf(html)).toEqual({ endpoint: '/graphql', example: customerRevenue });
  });

  it('holds hostile text in its data', () => {
    const hostile = '</script><script>alert(1)</script><!--"\'&\u2028';
    const page = graphiqlPage({
      endpoint: hostile,
      example: { query: hostile, variables: { hostile } },
    });
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(settingsOf(page)).toEqual({
      endpoint: hostile,
      example: { query: hostile, variables: { hostile } },
    });
  });
});

function settingsOf(page: string): unknown {
  const json = /id="console-settings">(.*?)<\/script>/s.exec(page)?.[1];
  return JSON.parse(json ?? '');
}
