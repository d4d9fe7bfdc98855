import { connect } from 'node:net';
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { compose } from '../registry/compose.ts';
import { askGraph } from './testing/ask-graph.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  answerWell,
  reviewsSchema,
  startReviews,
  type ReviewsServer,
} from './testing/reviews-subgraph.ts';
import { scrape, type Scrape } from './testing/scrape.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

/** How much a number grew while something was done. */
type Growth = Scrape['sum'];

describe('the metrics of a project', () => {
  const folder = sharedTempFolder();
  let reviews: ReviewsServer;
  let project: TestProject;

  beforeAll(async () => {
    reviews = await startReviews();
    const files = ProjectFolder.copyOfRepository(join(folder, 'project'));
    files.addSubgraph('reviews', reviewsSchema, reviews.url);
    project = await startProjectUntilClosed({
      projectDirectory: files.directory,
      dataDirectory: join(folder, 'data'),
      flags: {
        graph: { answerCacheMb: 1, limits: { cost: 2_000 } },
        subgraphs: {
          retries: { firstDelayMs: 1 },
          breaker: { leastRequests: 8, pauseMs: 60_000 },
        },
      },
    });
  });
  afterAll(async () => {
    await project?.server.close();
    await reviews?.close();
  });
  beforeEach(() => {
    reviews.behave(undefined);
  });

  const ask = (query: string, variables = {}, headers = {}) =>
    askGraph(`${project.server.url}/graphql`, query, variables, headers);

  async function growthWhile(work: () => Promise<unknown>): Promise<Growth> {
    const before = await scrape(project.server.url);
    await work();
    // The front counts an answer when its last byte is on its way, which is after the client has it.
    const requests = 'http_server_active_requests';
    await vi.waitUntil(async () => (await scrape(project.server.url)).sum(requests) === 1);
    const after = await scrape(project.server.url);
    return (name, labels) => after.sum(name, labels) - before.sum(name, labels);
  }

  it('count requests by method, route and status, however they are made up', async () => {
    const { url } = project.server;
    const grown = await growthWhile(async () => {
      await fetch(`${url}/health/live`);
      await fetch(`${url}/health/live`, { method: 'HEAD' });
      await askGraph(`${url}/subgraphs/sales`, '{ __typename }');
      await fetch(`${url}/nowhere-1`);
      await fetch(`${url}/nowhere-2`);
      await fetch(`${url}/graphql`, { method: 'PUT' });
      await fetch(`${url}/subgraphs/made-up`, { method: 'OPTIONS' });
    });
    const count = 'http_server_request_duration_seconds_count';
    const live = { http_request_method: 'GET', http_route: '/health/live' };
    expect(grown(count, { ...live, http_response_status_code: '200' })).toBe(1);
    expect(grown(count, { ...live, http_request_method: 'HEAD' })).toBe(1);
    expect(grown(count, { http_route: '/subgraphs/*', http_response_status_code: '200' })).toBe(1);
    expect(grown(count, { http_route: '', http_response_status_code: '404' })).toBe(2);
    expect(grown(count, { http_route: '/graphql', http_response_status_code: '405' })).toBe(1);
    expect(grown(count, { http_route: '/subgraphs/*', http_request_method: 'OPTIONS' })).toBe(1);
    expect(grown('http_server_request_duration_seconds_sum', live)).toBeGreaterThan(0);
  });

  it('count operations by name, type, way of the answer and outcome', async () => {
    reviews.behave((_request, { socket }) => void socket?.resetAndDestroy());
    const grown = await growthWhile(async () => {
      for (let n = 0; n < 3; n++) await ask('query Twice { customer(id: "C0000002") { name } }');
      await ask('query Part { customer(id: "C0000002") { name rating } }');
      await ask('query Wrong { customer(id: 2.5) { name } }');
      await ask('{ nothing');
      await ask(
        'mutation Make { createCustomer(input: { name: "A", email: "a@b.example" }) { customer { id } } }',
      );
    });
    const operations = 'tributary_graphql_operations_total';
    const twice = { graphql_operation_name: 'Twice', graphql_operation_type: 'query' };
    for (const way of ['whole', 'known', 'kept']) {
      expect(grown(operations, { ...twice, way, outcome: 'success' }), way).toBe(1);
    }
    expect(grown(operations, { graphql_operation_name: 'Part', outcome: 'partial' })).toBe(1);
    expect(grown(operations, { graphql_operation_name: '(unnamed)', outcome: 'failure' })).toBe(2);
    expect(
      grown(operations, { graphql_operation_name: 'Make', graphql_operation_type: 'mutation' }),
    ).toBe(1);
    expect(
      grown('tributary_graphql_operation_seconds_total', { graphql_operation_name: 'Twice' }),
    ).toBeGreaterThan(0);
    expect(
      grown('tributary_graphql_operation_cost_total', { graphql_operation_name: 'Twice' }),
    ).toBe(2);
    expect(grown('tributary_graphql_operation_duration_seconds_count', { way: 'kept' })).toBe(1);
    const errors = 'tributary_errors_total';
    expect(grown(errors, { code: 'SUBGRAPH_UNREACHABLE' })).toBe(1);
    expect(grown(errors, { code: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
    expect(grown(errors, { code: 'GRAPHQL_PARSE_FAILED' })).toBe(1);
  });

  it('count what limits refuse', async () => {
    const large = '{ customers(first: 10000) { nodes { name invoices(first: 100) { id } } } }';
    const grown = await growthWhile(async () => {
      await ask(large);
      await ask(`{ ${Array.from({ length: 1_001 }, (_, n) => `a${n}: __typename`).join(' ')} }`);
      await ask('{ nothing }');
    });
    const refusals = 'tributary_limit_refusals_total';
    expect(grown(refusals, { code: 'COST_EXCEEDED' })).toBe(1);
    expect(grown(refusals, { code: 'OPERATION_ROOT_FIELDS_EXCEEDED' })).toBe(1);
    expect(grown(refusals)).toBe(2);
    expect(grown('tributary_errors_total')).toBe(3);
  });

  it('count what caches find, and what makes room in them', async () => {
    const page =
      'query Page($n: Int) { customers(first: 200, offset: $n) { nodes { id name email accountValue salesRep } } }';
    const grown = await growthWhile(async () => {
      for (const id of ['C0000003', 'C0000003'])
        await ask('query C($id: ID!) { customer(id: $id) { name } }', { id });
      await ask('query C($id: ID!) { customer(id: $id) { name } }', { id: 'C0000003', more: 1 });
      for (let n = 0; n < 50; n++) await ask(page, { n });
    });
    const hits = 'tributary_cache_hits_total';
    const misses = 'tributary_cache_misses_total';
    expect(grown(hits, { cache: 'operations' })).toBe(51);
    expect(grown(misses, { cache: 'operations' })).toBe(2);
    expect(grown(hits, { cache: 'entities' })).toBe(2);
    expect(grown(misses, { cache: 'entities' })).toBe(1);
    expect(grown(misses, { cache: 'compiled' })).toBe(2);
    expect(grown(misses, { cache: 'answers' })).toBe(53);
    expect(grown('tributary_cache_evictions_total', { cache: 'answers' })).toBeGreaterThan(0);
    const now = await scrape(project.server.url);
    for (const cache of ['answers', 'operations', 'entities', 'compiled']) {
      expect(now.sum('tributary_cache_bytes', { cache }), cache).toBeGreaterThan(0);
      expect(now.sum('tributary_cache_entries', { cache }), cache).toBeGreaterThan(0);
    }
    expect(now.sum('tributary_cache_bytes', { cache: 'answers' })).toBeLessThanOrEqual(1_048_576);
  });

  it('count requests that share a look-up, its keys, and what the lake does', async () => {
    const query = 'query One($id: ID!) { customer(id: $id) { name email } }';
    await ask(query, { id: 'C0000004' });
    const ids = Array.from({ length: 30 }, (_, n) => `C00001${n + 10}`);
    const grown = await growthWhile(() => Promise.all(ids.map((id) => ask(query, { id }))));
    expect(grown('tributary_lookup_requests_sum')).toBe(30);
    expect(grown('tributary_lookup_keys_sum')).toBe(30);
    const statements = grown('tributary_lookup_requests_count');
    expect(statements).toBeLessThan(30);
    const point = { lane: 'point' };
    // Whoever reads the metrics asks the lake something as well.
    for (const name of ['statement_duration', 'wait']) {
      const reads = grown(`tributary_lake_${name}_seconds_count`, point);
      expect(reads, name).toBeGreaterThanOrEqual(statements);
    }
    const now = await scrape(project.server.url);
    expect(now.sum('tributary_lake_connections_limit', { lane: 'scan' })).toBeGreaterThan(0);
    expect(now.sum('tributary_lake_connections_active')).toBe(0);
  });

  it('count changes, which are written in groups', async () => {
    const create =
      'mutation ($n: String!) { createCustomer(input: { name: $n, email: $n }) { errors { code } } }';
    const names = Array.from({ length: 20 }, (_, n) => `grouped${n}@mail.example`);
    const grown = await growthWhile(() => Promise.all(names.map((n) => ask(create, { n }))));
    expect(grown('tributary_ledger_group_commands_sum')).toBe(20);
    expect(grown('tributary_ledger_group_commands_count')).toBeLessThan(20);
    expect(grown('tributary_lake_transaction_duration_seconds_count')).toBeGreaterThan(0);
    expect(grown('tributary_lake_write_statements_total')).toBeGreaterThan(0);
    expect(grown('tributary_ledger_head')).toBe(20);
    const now = await scrape(project.server.url);
    expect(now.sum('tributary_lake_wal_bytes')).toBeGreaterThan(0);
    expect(now.sum('tributary_lake_file_bytes')).toBeGreaterThan(0);
    expect(now.sum('tributary_lake_transactions_open')).toBe(0);
  });

  it('count plans that were made, and plans that were known', async () => {
    const query = 'query Planned { customer(id: "C0000005") { creditLimit } }';
    const grown = await growthWhile(async () => {
      for (let n = 0; n < 3; n++) await ask(query);
    });
    expect(grown('tributary_query_plans_total', { source: 'made' })).toBe(1);
    expect(grown('tributary_query_plans_total', { source: 'kept' })).toBe(2);
    expect(grown('tributary_query_plan_duration_seconds_count')).toBe(1);
    expect(grown('tributary_subgraph_fetch_duration_seconds_count', { subgraph: 'sales' })).toBe(3);
  });

  it('count streams and WebSockets that are open', async () => {
    const { url } = project.server;
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const controller = new AbortController();
    const query = 'subscription Watch { customerEvents { subject } }';
    const stream = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal: controller.signal,
    });
    expect(stream.status).toBe(200);
    const end = client.subscribe({ query }, { next() {}, error() {}, complete() {} });
    const opened = async (streams: number): Promise<void> => {
      const isSo = async () => (await scrape(url)).sum('tributary_streams_open') === streams;
      await vi.waitUntil(isSo);
    };
    await opened(2);
    expect((await scrape(url)).sum('tributary_websockets_open')).toBe(1);
    end();
    controller.abort();
    await client.dispose();
    await opened(0);
    await vi.waitUntil(async () => (await scrape(url)).sum('tributary_websockets_open') === 0);
    const watched = { graphql_operation_name: 'Watch', graphql_operation_type: 'subscription' };
    expect((await scrape(url)).sum('tributary_graphql_operations_total', watched)).toBe(2);
  });

  it('go on over a reload of the graph', async () => {
    for (let n = 0; n < 3; n++) await ask('query Again { customer(id: "C0000006") { name } }');
    const grown = await growthWhile(() => project.server.reload());
    expect(grown('tributary_graph_reloads_total', { outcome: 'success' })).toBe(1);
    expect(grown('tributary_cache_hits_total')).toBe(0);
    expect(grown('tributary_cache_entries', { cache: 'answers' })).toBeLessThan(0);
    const again = await growthWhile(async () => {
      for (let n = 0; n < 2; n++) await ask('query Again { customer(id: "C0000006") { name } }');
    });
    expect(again('tributary_cache_entries', { cache: 'answers' })).toBe(1);
  });

  it('tell how a remote subgraph is, and what was done about it', async () => {
    const query = 'query Stars($id: ID!) { review(id: $id) { stars } }';
    let refusals = 2;
    reviews.behave((request, response) =>
      refusals-- > 0 ? void response.writeHead(503).end() : answerWell(request, response),
    );
    const of = { subgraph: 'reviews' };
    const grown = await growthWhile(() => ask(query, { id: 'R1' }));
    expect(grown('tributary_remote_fetches_total', of)).toBe(1);
    expect(grown('tributary_remote_requests_total', of)).toBe(3);
    expect(grown('tributary_remote_retries_total', of)).toBe(2);
    expect(grown('tributary_remote_failures_total', { ...of, reason: 'unavailable' })).toBe(2);
    expect(grown('tributary_subgraph_fetch_errors_total', of)).toBe(0);

    reviews.behave((_request, { socket }) => void socket?.resetAndDestroy());
    const failing = await growthWhile(async () => {
      for (let n = 0; n < 8; n++) await ask(query, { id: `R${n + 2}` });
    });
    expect(
      failing('tributary_remote_failures_total', { ...of, reason: 'connection' }),
    ).toBeGreaterThan(0);
    expect(failing('tributary_remote_breaker_openings_total', of)).toBe(1);
    expect(failing('tributary_remote_breaker_state', { ...of, state: 'open' })).toBe(1);
    expect(failing('tributary_remote_breaker_state', { ...of, state: 'closed' })).toBe(-1);
    expect(failing('tributary_remote_refused_total', { ...of, reason: 'breaker' })).toBeGreaterThan(
      0,
    );
    expect(failing('tributary_subgraph_fetch_errors_total', of)).toBe(8);
  });
});

describe('the metrics of a server', () => {
  it('without a lake are there too, without those of a lake', async () => {
    const reviews = await startReviews();
    onTestFinished(() => reviews.close());
    const directory = tempFolder();
    const supergraphFile = join(directory, 'supergraph.graphql');
    const subgraphs = [{ name: 'reviews', url: reviews.url, sdl: reviewsSchema }];
    writeFileSync(supergraphFile, compose({ subgraphs }).supergraphSdl);
    const { server } = await startProject({ projectDirectory: directory, supergraphFile });
    await askGraph(`${server.url}/graphql`, 'query Remote { reviews { stars } }');
    const { sum, names } = await scrape(server.url);
    expect(sum('tributary_remote_requests_total', { subgraph: 'reviews' })).toBe(1);
    expect(sum('tributary_graphql_operations_total', { graphql_operation_name: 'Remote' })).toBe(1);
    expect([...names].filter((name) => /lake|ledger|freshness/.test(name))).toEqual([]);
  });

  it('of one subgraph alone are there too', async () => {
    const { server } = await startProject({ onlySubgraph: 'sales' });
    await askGraph(server.url, '{ __typename }');
    const { sum } = await scrape(server.url);
    expect(sum('http_server_request_duration_seconds_count', { http_route: '/' })).toBe(1);
  });

  it('count what the budgets of callers give, and refuse', async () => {
    const limits = { costPerSecond: 1, costBurst: 10 };
    const { server } = await startProject({ flags: { graph: { limits } } });
    for (let n = 0; n < 12; n++) await askGraph(`${server.url}/graphql`, '{ __typename }');
    const { sum } = await scrape(server.url);
    expect(sum('tributary_limit_refusals_total', { code: 'RATE_LIMITED' })).toBeGreaterThan(0);
    expect(sum('tributary_rate_limit_cost_total')).toBeGreaterThanOrEqual(10);
    expect(sum('tributary_rate_limit_callers')).toBe(1);
  });

  it('count connections that are one too many', async () => {
    const { server } = await startProject({ flags: { server: { maxConnectionsPerAddress: 2 } } });
    const sockets = [];
    for (let n = 0; n < 2; n++) {
      const socket = connect(server.port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const third = connect(server.port, '127.0.0.1').resume();
    await once(third, 'end');
    for (const socket of sockets) socket.destroy();
    const isFree = async () => (await fetch(`${server.url}/health/live`)).status === 200;
    await vi.waitUntil(() => isFree().catch(() => false));
    const { sum } = await scrape(server.url);
    expect(
      sum('tributary_limit_refusals_total', { code: 'CONNECTIONS_EXHAUSTED' }),
    ).toBeGreaterThan(0);
  });

  it('tell how the process is, under the names that everybody knows', async () => {
    const { server } = await startProject();
    const { sum } = await scrape(server.url);
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect(sum(name), name).toBeGreaterThan(0);
    }
    expect((await scrape(server.url)).names).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});
