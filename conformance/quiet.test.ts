import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { customerRevenue } from '../console/example-query.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { startCommand } from './testing/start-command.ts';
import { startProject } from './testing/start-project.ts';

afterEach(() => vi.unstubAllEnvs());

describe('a server that was told nothing', () => {
  it('opens no connection and looks up no name, whatever Apollo finds in the environment', async () => {
    const server = await startCommand({
      flags: ['--data', tempFolder()],
      preloaded: [new URL('testing/record-connections.ts', import.meta.url).href],
      environment: {
        APOLLO_KEY: 'service:graph:a-key-of-another-tool',
        APOLLO_GRAPH_REF: 'graph@current',
        APOLLO_GRAPH_ID: 'graph',
        APOLLO_SCHEMA_REPORTING: 'true',
        HTTPS_PROXY: 'http://127.0.0.1:9',
      },
    });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    const { data } = await askGraph(`${server.url}/graphql`, customerRevenue.query);
    expect(data).toMatchObject({ customer: { creditLimit: 9576.14 } });
    await askGraph(`${server.url}/graphql`, '{ __schema { types { name } } }');
    await askGraph(`${server.url}/subgraphs/sales`, '{ _service { sdl } }');
    await fetch(server.url).then((page) => page.text());
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toContain('OUTBOUND');
    expect(server.output()).not.toMatch(/inline tracing|schema reporting|usage reporting/i);
  });

  it('would have been caught if it did', async () => {
    const server = await startCommand({
      flags: ['--data', tempFolder()],
      preloaded: [
        new URL('testing/record-connections.ts', import.meta.url).href,
        'data:text/javascript,fetch("http://127.0.0.1:12345").catch(() => {});fetch("http://nowhere.invalid").catch(() => {})',
      ],
    });
    server.child.kill('SIGTERM');
    await server.ended;
    expect(server.output()).toMatch(/OUTBOUND connect .*127\.0\.0\.1/);
    expect(server.output()).toMatch(/OUTBOUND lookup .*nowhere\.invalid/);
  });
});

it('behaves the same whatever NODE_ENV says', async () => {
  const answers: unknown[] = [];
  for (const environment of ['production', 'development']) {
    vi.stubEnv('NODE_ENV', environment);
    const { server, ask } = await startProject();
    const page = await fetch(server.url, { headers: { accept: 'text/html' } });
    answers.push([
      await ask('{ customer(id: "C0000042") { nam } }'),
      await ask('{ __schema { queryType { name } } }'),
      await ask(
        '{ customer(id: "C0000042") { creditLimit } }',
        {},
        {
          'apollo-query-plan-experimental': '1',
        },
      ),
      await askGraph(`${server.url}/subgraphs/sales`, '{ nothing }'),
      (await page.text()).replaceAll(/[0-9a-f]{64}/g, 'nonce'),
    ]);
  }
  expect(answers[0]).toEqual(answers[1]);
});

it('traces a subgraph for a router that asks for it', async () => {
  const { server } = await startProject();
  const answer = await askGraph(
    `${server.url}/subgraphs/sales`,
    '{ __typename }',
    {},
    {
      'apollo-federation-include-trace': 'ftv1',
    },
  );
  expect(answer).toMatchObject({ extensions: { ftv1: expect.any(String) } });
});
