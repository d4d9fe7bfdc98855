import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryDirectory } from '../../conformance/testing/start-project.ts';
import { loadConfig } from '../../foundation/config/load-config.ts';
import { createLog } from '../../foundation/log.ts';
import { sharedTempFolder } from '../../foundation/testing/temp-folder.ts';
import { openLake, type Lake } from '../../lake/engine.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import type { FrontRequest } from '../http/route.ts';
import { openProject } from '../open-project.ts';
import { buildProjectGraph } from '../graph/build-graph.ts';
import type { Graph } from '../graph/graph.ts';

const golden = join(repositoryDirectory, 'conformance/golden');
const queries = readdirSync(golden).filter((file) => file.endsWith('.graphql'));
const log = createLog({ level: 'silent' });

describe('an operation that the hub can answer whole', () => {
  const directory = sharedTempFolder();
  let lake: Lake;
  let handedOn: Graph;
  let planned: Graph;

  beforeAll(async () => {
    const projectDirectory = repositoryDirectory;
    const environment = {};
    const config = loadConfig({ projectDirectory, environment, flags: { lake: { directory } } });
    const project = await openProject({ projectDirectory, config, environment });
    lake = await openLake({ directory });
    const { seedDirectory } = config.lake;
    await prepareLake({ lake, model: project.authored.model, seedDirectory, log });
    handedOn = await buildProjectGraph({ project, lake, config, log });
    planned = await buildProjectGraph({ project, lake, config, log, isPlannedAlways: true });
  });

  afterAll(async () => {
    await handedOn.stop();
    await planned.stop();
    await lake.close();
  });

  it.each(queries)('is answered as if it had been planned: %s', async (file) => {
    const text = readFileSync(join(golden, file), 'utf8');
    const [, variables = '{}'] = /^# variables: (.*)$/m.exec(text) ?? [];
    const request = post({ query: text, variables: JSON.parse(variables) as unknown });
    const [direct, throughPlan] = [await handedOn.answer(request), await planned.answer(request)];
    expect(direct.status).toBe(throughPlan.status);
    expect(JSON.parse(String(direct.body))).toEqual(JSON.parse(String(throughPlan.body)));
  });

  it('goes to the hub under the name that the client gave it', async () => {
    const query =
      'query A { customer(id: "C0000001") { id } } query B { customer(id: "C0000002") { id } }';
    const { body } = await handedOn.answer(post({ query, operationName: 'B' }));
    expect(JSON.parse(String(body))).toEqual({ data: { customer: { id: 'C0000002' } } });
  });

  it('has its errors at the same places', async () => {
    const query =
      '{ a: customers(first: 1, after: "x") { totalCount } b: customer(id: "C0000001") { id } }';
    const [direct, throughPlan] = await Promise.all(
      [handedOn, planned].map(async (graph) => String((await graph.answer(post({ query }))).body)),
    );
    const places = (text = ''): unknown =>
      (
        JSON.parse(text) as { errors: { path: unknown; extensions: { code: string } }[] }
      ).errors.map(({ path, extensions }) => [path, extensions.code]);
    expect(places(direct)).toEqual([[['a'], 'CURSOR_INVALID']]);
    expect(places(throughPlan)).toEqual(places(direct));
  });

  it('ends with its request', async () => {
    const request = post({ query: '{ customer(id: "C0000001") { id } }' });
    const aborted = { ...request, signal: AbortSignal.abort(new Error('gone')) };
    const { body } = await handedOn.answer(aborted);
    expect(JSON.parse(String(body))).toMatchObject({
      data: null,
      errors: [{ path: ['customer'] }],
    });
  });
});

function post(body: Readonly<Record<string, unknown>>): FrontRequest {
  return {
    id: 'test',
    method: 'POST',
    path: '/graphql',
    search: '',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    caller: { kind: 'anonymous' },
    signal: new AbortController().signal,
  };
}
