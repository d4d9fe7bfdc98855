import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('pages', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
  });

  afterAll(() => project?.server.close());

  async function get(path: string, headers: Readonly<Record<string, string>> = browser) {
    const response = await fetch(`${project.server.url}${path}`, { headers });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  for (const path of ['/', '/graphql']) {
    it(`at ${path}: Apollo Sandbox, opened on the example`, async () => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/html');
      expect(body).toContain('https://embeddable-sandbox.cdn.apollographql.com/');
      const [, config = ''] = /embeddedSandboxConfig = (.*);$/m.exec(body) ?? [];
      expect(JSON.parse(config)).toMatchObject({
        initialState: { document: customerRevenue.query, pollForSchemaUpdates: false },
        runTelemetry: false,
      });
    });
  }

  it('at / leads to GraphiQL when Apollo cannot be reached', async () => {
    const { body } = await get('/');
    expect(body).toContain('<a href="/graphiql">');
    expect(body).toContain('color-scheme: light dark');
    expect(body).toContain('<title>Tributary');
  });

  it('at / for whoever asks by GET', async () => {
    const { status, body } = await get('/?query={__typename}', { accept: 'application/json' });
    expect(status).toBe(200);
    expect(body).toContain('embeddedSandboxConfig');
  });

  it('have the graph at the same address, which is where Sandbox asks', async () => {
    const { data } = await askGraph(`${project.server.url}/`, customerRevenue.query);
    expect(data).toMatchObject({ customer: { id: 'C0000042' } });
  });

  it('at /graphiql: everything comes from this server', async () => {
    const { status, headers, body } = await get('/graphiql');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(body).toContain(JSON.stringify(customerRevenue.query).replaceAll('<', '\\u003c'));
  });

  it('send their assets once', async () => {
    for (const path of ['/graphiql/graphiql.js', '/graphiql/graphiql.css']) {
      const first = await get(path);
      const etag = first.headers.get('etag') ?? '';
      expect([first.status, first.body.length > 10_000]).toEqual([200, true]);
      for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await get(path, { 'if-none-match': tag });
        expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, '', etag]);
      }
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);
    }
  });
});
