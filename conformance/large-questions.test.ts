import { describe, expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import type { RunningServer } from '../gateway/start-server.ts';
import { askGraph, type GraphAnswer } from './testing/ask-graph.ts';
import { collectedLog } from './testing/collected-log.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { scrape } from './testing/scrape.ts';
import { startCommand } from './testing/start-command.ts';
import { startProject } from './testing/start-project.ts';

/** Root fields that code computes are what Apollo's planner takes longest for. */
function largeQuestion(alias: string, count = 250): string {
  const fields = Array.from(
    { length: count },
    (_, n) => `${alias}${n}: customer(id: "C${String(n).padStart(7, '0')}") { name creditLimit }`,
  );
  return `{ ${fields.join(' ')} }`;
}

const flags = { graph: { limits: { cost: 0 } } };

describe('while a large question is planned', () => {
  it('others are answered', async () => {
    const project = await startProject({ flags });
    const { url } = project.server;
    project.statements.length = 0;
    const large = askGraph(`${url}/graphql`, largeQuestion('a'));
    // The scrape is one of them.
    const active = async () => (await scrape(url)).sum('http_server_active_requests');
    await expect.poll(active).toBe(2);
    const other = await askGraph(
      `${url}/graphql`,
      '{ customer(id: "C0000007") { lifetimeTickets } }',
    );
    expect(other.errors).toBeUndefined();
    // The large one has read nothing yet.
    expect(project.statements).toHaveLength(1);
    expect(namesIn(await large)).toBe(250);
  });

  it('whoever asks the same waits for the same plan', async () => {
    const { server } = await startProject({ flags });
    const answers = await Promise.all(
      [1, 2, 3].map(() => askGraph(`${server.url}/graphql`, largeQuestion('a'))),
    );
    expect(answers.map(namesIn)).toEqual([250, 250, 250]);
    expect(await plansOf(server)).toEqual({ made: 1, kept: 2 });
  });
});

it('a client that does not wait for a plan leaves no error behind, and finds it when it asks again', async () => {
  const { log, entries } = collectedLog();
  const { server } = await startProject({ flags, log });
  const url = `${server.url}/graphql`;
  const gone = new AbortController();
  const left = askGraph(url, largeQuestion('a'), {}, {}, gone.signal);
  const active = async () => (await scrape(server.url)).sum('http_server_active_requests');
  await expect.poll(active).toBe(2);
  gone.abort();
  await expect(left).rejects.toThrow('abort');
  await expect.poll(active).toBe(1);
  expect(namesIn(await askGraph(url, largeQuestion('a')))).toBe(250);
  expect(entries.filter(({ level }) => level === 'error')).toEqual([]);
});

it('a large question is planned before a changed graph takes over', async () => {
  const project = ProjectFolder.copyOfRepository(tempFolder());
  const { log, entries } = collectedLog();
  const { server } = await startProject({
    projectDirectory: project.directory,
    flags,
    log,
    isWatching: true,
  });
  expect(namesIn(await askGraph(`${server.url}/graphql`, largeQuestion('a')))).toBe(250);
  expect(await plansOf(server)).toEqual({ made: 1, kept: 0 });
  const field = '  salesRep: String\n';
  const added = `${field}  fax: String @column(default: "none")\n`;
  project.edit('subgraphs/sales/schema.graphql', field, added);
  const swapped = () => entries.some(({ msg }) => msg === 'the graph was swapped');
  await expect.poll(swapped, { timeout: 30_000 }).toBe(true);
  expect(await plansOf(server)).toEqual({ made: 2, kept: 0 });
  expect(namesIn(await askGraph(`${server.url}/graphql`, largeQuestion('a')))).toBe(250);
  expect(await plansOf(server)).toEqual({ made: 2, kept: 1 });
});

describe('the program as it is built', () => {
  const environment = { TRIBUTARY_GRAPH_LIMITS_COST: '0' };

  it('plans large questions, and ends afterwards', async () => {
    const server = await startCommand({ flags: ['--data', tempFolder()], environment });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    expect(namesIn(await askGraph(`${server.url}/graphql`, largeQuestion('a')))).toBe(250);
    server.child.kill('SIGTERM');
    // Nothing ends the process but its having nothing left to do.
    expect(await server.ended).toBe(0);
  });

  it('ends while it plans what it has no time for', async () => {
    const server = await startCommand({
      flags: ['--data', tempFolder()],
      environment: { ...environment, TRIBUTARY_SERVER_SHUTDOWN_TIMEOUT_MS: '1' },
    });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    const asked = Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((alias) =>
        askGraph(`${server.url}/graphql`, largeQuestion(alias)),
      ),
    );
    const active = async () => (await scrape(server.url)).sum('http_server_active_requests');
    await expect.poll(active).toBe(9);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    await asked;
  });
});

function namesIn({ data }: GraphAnswer): number {
  return Object.keys(data ?? {}).length;
}

async function plansOf({
  url,
}: RunningServer): Promise<{ readonly made: number; readonly kept: number }> {
  const { sum } = await scrape(url);
  const name = 'tributary_query_plans_total';
  return { made: sum(name, { source: 'made' }), kept: sum(name, { source: 'kept' }) };
}
