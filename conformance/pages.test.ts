import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { customerRevenue, type ExampleQuery } from '../console/example-query.ts';
import { markSvg } from '../console/mark.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose } from '../registry/compose.ts';
import { askGraph } from './testing/ask-graph.ts';
import { linkFederation, startFederationServer } from './testing/federation-server.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

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

  it('have their icon also where browsers look for one by themselves', async () => {
    const { status, headers, body } = await get('/favicon.ico', {});
    expect([status, headers.get('content-type'), body]).toEqual([200, 'image/svg+xml', markSvg]);
  });

  it('where there is nothing: where the graph, the console and the documents are', async () => {
    const { status, headers, body } = await get('/grapqhl?a="');
    expect([status, headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors/);
    expect(body).toContain('<html lang="en">');
    expect(body).toContain(
      '<code>/grapqhl</code> leads nowhere on this server. Did you mean <code>/graphql</code>?',
    );
    expect(body).toContain('color-scheme: light dark');
    expect(body).toContain('README.md');
    const links = [...body.matchAll(/<a href="(.*?)"/g)].map(([, path = '']) => path);
    expect(links).toEqual(['/graphql', '/graphiql']);
    for (const path of links) expect((await get(path)).status).toBe(200);
    expect(body).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect((await get(`/${'a'.repeat(5_000)}`)).body.length).toBeLessThan(5_000);
  });

  it('where there is nothing, for who prefers something else: an error in JSON', async () => {
    for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.5']) {
      const { status, headers, body } = await get('/grapqhl', { accept });
      expect([status, headers.get('content-type')]).toEqual([
        404,
        'application/json; charset=utf-8',
      ]);
      expect(body).toContain('PATH_NOT_FOUND');
    }
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

describe('pages of a graph without customers', () => {
  it('open on a question that it answers, and follow the graph when that changes', async () => {
    const folder = library();
    const project = await startProject({ projectDirectory: folder.directory });
    const { query } = await exampleOf(project);
    expect(query).toContain('books(first: 10) {\n    nodes {\n      id\n      title\n');
    const { data, errors } = await project.ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ books: { nodes: [{ id: '1', title: 'Emma' }] } });

    folder.edit('subgraphs/library/schema.graphql', ' title: String', ' title: String @deprecated');
    await project.server.reload();
    expect((await exampleOf(project)).query).not.toContain('title');
  });

  it('open on a question to the subgraphs of a supergraph file', async () => {
    const sdl = 'type Query { film(id: ID!): Film films: [Film!] } type Film { name: String }';
    const resolvers = { Query: { films: () => [{ name: 'Ran' }] } };
    const films = await startFederationServer({ sdl, resolvers });
    onTestFinished(() => films.close());
    const subgraph = { name: 'films', url: films.url, sdl: linkFederation(sdl) };
    const supergraphFile = join(tempFolder(), 'supergraph.graphql');
    writeFileSync(supergraphFile, compose({ subgraphs: [subgraph] }).supergraphSdl);
    const project = await startProject({ supergraphFile });
    const { query } = await exampleOf(project);
    expect((await project.ask(query)).data).toEqual({ films: [{ name: 'Ran' }] });
  });

  it('name nothing of a graph whose schema not everybody may see', async () => {
    const folder = library();
    const flags = [{ server: { host: '0.0.0.0' } }, { graph: { introspection: false } }];
    for (const kept of flags) {
      const project = await startProject({ projectDirectory: folder.directory, flags: kept });
      expect((await exampleOf(project)).query).toBe('');
    }
  });
});

function library(): ProjectFolder {
  const folder = ProjectFolder.empty(tempFolder());
  const type = 'type Book @key(fields: "id") @table { id: ID! title: String }';
  folder.addSubgraph('library', `${schemaHead}${type}\ntype Query { book(id: ID!): Book }\n`);
  folder.write('lake-data/seed/library/book.csv', 'id,title\n1,Emma\n');
  return folder;
}

/** What both pages open on. */
async function exampleOf({ server }: TestProject): Promise<ExampleQuery> {
  const read = async (path: string): Promise<string> => {
    const url = `http://127.0.0.1:${server.port}${path}`;
    return (await fetch(url, { headers: browser })).text();
  };
  const [, settings = ''] = /id="console-settings">(.*?)</.exec(await read('/graphiql')) ?? [];
  const [, sandbox = ''] = /embeddedSandboxConfig = (.*);$/m.exec(await read('/')) ?? [];
  const { example } = JSON.parse(settings) as { readonly example: ExampleQuery };
  const { initialState } = JSON.parse(sandbox) as {
    readonly initialState: { readonly document?: string };
  };
  expect(initialState.document ?? '').toBe(example.query);
  return example;
}
