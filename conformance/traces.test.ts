import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PartialConfig } from '../foundation/config/schema.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { collectedLog } from './testing/collected-log.ts';
import {
  startCollector,
  treeOf,
  type OtlpCollector,
  type ReceivedSpan,
} from './testing/otlp-collector.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import {
  answerWell,
  reviewsSchema,
  startReviews,
  type ReviewsServer,
} from './testing/reviews-subgraph.ts';
import { startCommand } from './testing/start-command.ts';
import { startProject, type TestProject } from './testing/start-project.ts';

afterEach(() => vi.unstubAllEnvs());

const json = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
const parent = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${parent.traceId}-${parent.spanId}-01`;
const both =
  'query Both($id: ID!) { customer(id: $id) { name creditLimit rating reviews { stars author { name } } } }';

interface Traced extends TestProject {
  readonly collector: OtlpCollector;
  readonly reviews: ReviewsServer;
  /** Asks once, and gives the status. */
  readonly askOnce: (
    query: string,
    headers?: Readonly<Record<string, string>>,
    variables?: Readonly<Record<string, unknown>>,
  ) => Promise<number>;
  /** Every span, when the server has sent all of them. */
  readonly spans: () => Promise<readonly ReceivedSpan[]>;
}

async function startTraced(
  telemetry: PartialConfig['telemetry'] = {},
  more: Parameters<typeof startProject>[0] = {},
): Promise<Traced> {
  const collector = await startCollector();
  const reviews = await startReviews();
  onTestFinished(() => reviews.close());
  const folder = ProjectFolder.copyOfRepository(tempFolder());
  folder.addSubgraph('reviews', reviewsSchema, reviews.url);
  const { endpoint } = collector;
  const project = await startProject({
    projectDirectory: folder.directory,
    environment: json,
    ...more,
    flags: {
      subgraphs: { retries: { firstDelayMs: 1 } },
      ...more.flags,
      telemetry: { traces: true, endpoint, ...telemetry },
    },
  });
  return {
    ...project,
    collector,
    reviews,
    async askOnce(query, headers = {}, variables = { id: 'C0000042' }) {
      const url = `${project.server.url}/graphql`;
      return (await askGraph(url, query, variables, headers)).status;
    },
    async spans() {
      await project.server.close();
      return collector.spans;
    },
  };
}

const named = (spans: readonly ReceivedSpan[], name: string): readonly ReceivedSpan[] =>
  spans.filter((span) => span.name === name);

describe('the trace of a question', () => {
  it('over the hub, a domain and a remote subgraph has its stages, fetches, statements and requests', async () => {
    const { askOnce, reviews, spans } = await startTraced();
    await askOnce(both, { traceparent, tracestate: 'vendor=1' });
    const all = await spans();
    const hub = ['fetch _hub', [['SELECT', []]]];
    expect(treeOf(all)).toEqual([
      [
        'POST /graphql',
        [
          ['graphql.parse', []],
          ['graphql.validate', []],
          [
            'graphql.execute',
            [
              ['graphql.plan', []],
              hub,
              ['fetch reviews', [['POST', []]]],
              ['fetch sales', [['SELECT', []]]],
              hub,
            ],
          ],
        ],
      ],
    ]);
    expect(new Set(all.map(({ traceId }) => traceId))).toEqual(new Set([parent.traceId]));
    const byId = new Map(all.map((span) => [span.spanId, span]));
    for (const { parentSpanId, startNs, endNs, name } of all) {
      const above = byId.get(parentSpanId ?? '');
      if (above === undefined) continue;
      expect([name, startNs >= above.startNs, endNs <= above.endNs]).toEqual([name, true, true]);
    }
    const [server] = named(all, 'POST /graphql');
    expect(server).toMatchObject({
      parentSpanId: parent.spanId,
      kind: 'server',
      isError: false,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'url.path': '/graphql',
        'http.response.status_code': 200,
        'graphql.operation.name': 'Both',
        'graphql.operation.type': 'query',
        'tributary.answer.way': 'whole',
        'tributary.answer.outcome': 'success',
        'tributary.operation.cost': expect.any(Number),
      },
    });
    // What the subgraph is told is the very request that it gets.
    const [request] = named(all, 'POST');
    expect(reviews.received[0]?.headers).toMatchObject({
      traceparent: `00-${parent.traceId}-${request?.spanId}-01`,
      tracestate: 'vendor=1',
    });
    expect(request).toMatchObject({
      kind: 'client',
      attributes: {
        'http.request.method': 'POST',
        'url.full': reviews.url,
        'server.address': '127.0.0.1',
        'http.response.status_code': 200,
        'tributary.subgraph.name': 'reviews',
      },
    });
  });

  it('that is known, or whose answer is kept, has what is left to be done', async () => {
    const { askOnce, spans } = await startTraced();
    for (let n = 0; n < 3; n++) await askOnce('{ customer(id: "C0000042") { name } }');
    const [, known, kept] = treeOf(await spans());
    expect(known).toEqual(['POST /graphql', [['graphql.execute', [['fetch _hub', []]]]]]);
    expect(kept).toEqual(['POST /graphql', []]);
  });

  it('tells SQL with its placeholders, and nothing of what was asked for', async () => {
    const { askOnce, spans } = await startTraced();
    await askOnce('{ customers(where: { name: { eq: "Secret Person" } }) { nodes { name } } }', {
      'x-api-key': 'trb_secret',
      cookie: 'session=secret',
    });
    await askOnce(both, {}, { id: 'C-SECRET' });
    const all = await spans();
    const statements = named(all, 'SELECT');
    expect(statements.length).toBeGreaterThan(0);
    for (const { attributes, kind } of statements) {
      expect(kind).toBe('client');
      expect(attributes).toMatchObject({
        'db.system.name': 'duckdb',
        'db.query.text': expect.stringMatching(/\$1/),
        'tributary.lake.lane': expect.stringMatching(/^(point|scan)$/),
      });
    }
    expect(JSON.stringify(all.map(({ attributes }) => attributes))).not.toMatch(/secret/i);
  });

  it('tells the text of the operation where the settings say so', async () => {
    const { askOnce, spans } = await startTraced({ documents: true });
    await askOnce('{ customer(id: "C0000042") { name } }');
    expect(named(await spans(), 'graphql.execute')[0]?.attributes).toMatchObject({
      'graphql.document': '{ customer(id: "C0000042") { name } }',
    });
  });

  it('has a span for each repetition, each told to the subgraph', async () => {
    const { askOnce, reviews, spans } = await startTraced();
    let refusals = 1;
    reviews.behave((request, response) =>
      refusals-- > 0 ? void response.writeHead(503).end() : answerWell(request, response),
    );
    await askOnce('{ reviews { stars } }');
    const all = await spans();
    const requests = named(all, 'POST');
    expect(requests.map(({ isError }) => isError)).toEqual([true, false]);
    expect(requests.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([
      undefined,
      1,
    ]);
    const told = reviews.received.map(
      ({ headers }) => String(headers['traceparent']).split('-')[2],
    );
    expect(told).toEqual(requests.map(({ spanId }) => spanId));
    expect(named(all, 'fetch reviews')[0]?.isError).toBe(false);
  });

  it('says which fetch failed, and why', async () => {
    const { askOnce, reviews, spans } = await startTraced();
    reviews.behave((_request, { socket }) => void socket?.resetAndDestroy());
    await askOnce('{ reviews { stars } }');
    const all = await spans();
    expect(named(all, 'fetch reviews')[0]).toMatchObject({
      isError: true,
      attributes: { 'tributary.subgraph.name': 'reviews' },
    });
    expect(named(all, 'POST')[0]).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'SUBGRAPH_UNREACHABLE' },
    });
    expect(named(all, 'POST /graphql')[0]?.attributes).toMatchObject({
      'error.type': 'SUBGRAPH_UNREACHABLE',
      'tributary.answer.outcome': 'partial',
    });
  });

  it('has the statement that it shared with others, linked to that of the first', async () => {
    const { askOnce, spans } = await startTraced(
      {},
      { flags: { graph: { entityCacheMb: 0, answerCacheMb: 0 } } },
    );
    const query = 'query One($id: ID!) { customer(id: $id) { name } }';
    await askOnce(query);
    const ids = Array.from({ length: 40 }, (_, n) => `C00000${String(n + 10)}`);
    await Promise.all(ids.map((id) => askOnce(query, {}, { id })));
    const statements = named(await spans(), 'SELECT').slice(1);
    const joined = statements.filter(
      ({ attributes }) => Number(attributes['tributary.lake.askers']) > 1,
    );
    expect(statements).toHaveLength(ids.length);
    expect(joined.length).toBeGreaterThan(1);
    const firsts = joined.filter(({ links }) => links.length === 0);
    const firstIds = new Set(firsts.map(({ spanId }) => spanId));
    for (const { links } of joined) {
      for (const { spanId } of links) expect(firstIds).toContain(spanId);
    }
    const askers = firsts.map(({ attributes }) => Number(attributes['tributary.lake.askers']));
    expect(askers.reduce((sum, count) => sum + count, 0)).toBe(joined.length);
  });

  it('is that of the caller, also when it is not sampled, which the subgraph is told', async () => {
    const { askOnce, reviews, spans } = await startTraced();
    await askOnce(both, { traceparent: `00-${parent.traceId}-${parent.spanId}-00` });
    expect(reviews.received[0]?.headers['traceparent']).toMatch(
      new RegExp(`^00-${parent.traceId}-[0-9a-f]{16}-00$`),
    );
    expect(await spans()).toEqual([]);
  });

  it('is not told to a subgraph that is not to know', async () => {
    const headers = [{ remove: 'trace*' }];
    const { askOnce, reviews } = await startTraced({}, { flags: { subgraphs: { headers } } });
    await askOnce(both, { traceparent });
    expect(reviews.received[0]?.headers).not.toHaveProperty('traceparent');
  });
});

describe('which requests are traced', () => {
  it('is a share of them', async () => {
    const { askOnce, spans } = await startTraced({ sampledPercent: 0 });
    await askOnce(both);
    expect(await spans()).toEqual([]);
  });

  it('is said by the variables of OpenTelemetry, which also say who sends the traces, and where', async () => {
    const collector = await startCollector();
    const variables = {
      ...json,
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_SERVICE_NAME: 'graph-of-the-north',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint.replace('/v1/traces', ''),
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const nowhere = 'http://127.0.0.1:9/v1/traces';
    const { askOnce, server } = await startTraced(
      { sampledPercent: 0, endpoint: nowhere },
      { environment: variables },
    );
    await askOnce(both);
    await server.close();
    expect(collector.spans).not.toEqual([]);
    expect(collector.resource()).toMatchObject({
      'service.name': 'graph-of-the-north',
      'service.version': expect.any(String),
      'deployment.environment.name': 'test',
    });
  });

  it('is none where OpenTelemetry is switched off for all', async () => {
    const { askOnce, spans, collector } = await startTraced(
      {},
      { environment: { ...json, OTEL_SDK_DISABLED: 'true' } },
    );
    await askOnce(both, { traceparent });
    await spans();
    expect(collector.requests).toEqual([]);
  });

  it('leaves out who only looks whether the server is well', async () => {
    const { server, spans } = await startTraced();
    for (const path of ['/metrics', '/health/live']) await fetch(server.url + path);
    expect(await spans()).toEqual([]);
  });
});

describe('traces are sent', () => {
  it('in Protobuf by default', async () => {
    const { askOnce, server, collector } = await startTraced({}, { environment: {} });
    await askOnce(both);
    await server.close();
    expect(collector.requests).toEqual([
      { path: '/v1/traces', type: 'application/x-protobuf', bytes: expect.any(Number) },
    ]);
  });

  it('in no protocol that there is nobody for', async () => {
    const environment = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
    await expect(startTraced({}, { environment })).rejects.toMatchObject({
      code: 'TRACE_PROTOCOL_UNKNOWN',
      message: expect.stringContaining('"grpc"'),
    });
  });

  it('by a server that was told to, and by no other: it opens no connection', async () => {
    const server = await startCommand({
      flags: ['--data', tempFolder()],
      preloaded: [new URL('testing/record-connections.ts', import.meta.url).href],
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
        OTEL_TRACES_EXPORTER: 'otlp',
        OTEL_BSP_SCHEDULE_DELAY: '1',
      },
    });
    onTestFinished(() => void server.child.kill('SIGKILL'));
    await askGraph(
      `${server.url}/graphql`,
      '{ customer(id: "C0000042") { name } }',
      {},
      { traceparent },
    );
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toContain('OUTBOUND');
    expect(server.output()).not.toContain('traceId');
  });
});

describe('a collector', () => {
  const troubles = {
    'that answers 500': (collector: OtlpCollector) =>
      collector.behave((response) => void response.writeHead(500).end('no')),
    'that hangs': (collector: OtlpCollector) => collector.behave(() => undefined),
    'that hangs up': (collector: OtlpCollector) =>
      collector.behave(({ socket }) => void socket?.resetAndDestroy()),
    'that is gone': (collector: OtlpCollector) => void collector.close(),
    'that answers without end': (collector: OtlpCollector) =>
      collector.behave((response) => void response.writeHead(503).write('x'.repeat(100_000))),
  };

  it.each(Object.entries(troubles))(
    '%s holds up no answer and no end, and spans in its way are dropped',
    async (_, trouble) => {
      vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '1');
      vi.stubEnv('OTEL_BSP_MAX_QUEUE_SIZE', '50');
      vi.stubEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', '10');
      vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '200');
      const { log, entries } = collectedLog();
      const { askOnce, collector, server } = await startTraced({}, { log });
      trouble(collector);
      for (let n = 0; n < 40; n++) expect(await askOnce(both)).toBe(200);
      const before = await countSpans(server.url);
      expect(before['ended']).toBeGreaterThan(200);
      expect(before['sent']).toBe(0);
      // It waits a few seconds for the collector, and no longer.
      await server.close();
      const told = entries.filter(({ msg }) => msg === 'the collector does not take traces');
      expect(told.length).toBeLessThanOrEqual(1);
    },
  );

  it('that is well again is sent what comes then, and the log says both', async () => {
    vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '1');
    const { log, entries } = collectedLog();
    const { askOnce, collector, spans } = await startTraced({}, { log });
    collector.behave((response) => void response.writeHead(400).end());
    const refused = collector.nextRequest();
    await askOnce(both);
    await refused;
    await vi.waitUntil(() =>
      entries.some(({ msg }) => msg === 'the collector does not take traces'),
    );
    collector.behave((response) => void response.writeHead(200).end('{}'));
    collector.spans.length = 0;
    await askOnce('query Later { customer(id: "C0000042") { name } }');
    const names = (await spans()).map(({ attributes }) => attributes['graphql.operation.name']);
    expect(names).toContain('Later');
    expect(entries.map(({ msg }) => msg)).toContain('the collector takes traces again');
  });
});

describe('a hostile caller', () => {
  it.each([
    ['an empty one', ''],
    ['one that is no trace', 'x'.repeat(8_000)],
    ['zeros', '00-00000000000000000000000000000000-0000000000000000-01'],
    ['a version that there is not', `ff-${parent.traceId}-${parent.spanId}-01`],
    ['a second one', `${traceparent}, ${traceparent}`],
    ['more than one has', `${traceparent}-more`],
  ])('whose traceparent is %s gets a trace of its own', async (_, given) => {
    const { askOnce, spans, reviews } = await startTraced();
    const tracestate = `a=${'b'.repeat(8_000)}, ,=,x`;
    expect(await askOnce(both, { traceparent: given, tracestate })).toBe(200);
    const [server] = named(await spans(), 'POST /graphql');
    expect(server?.parentSpanId).toBeUndefined();
    expect(server?.traceId).not.toBe(parent.traceId);
    expect(String(reviews.received[0]?.headers['traceparent'])).toContain(server?.traceId);
    expect(reviews.received[0]?.headers).not.toHaveProperty('tracestate');
  });

  it('can make no attribute larger than it is', async () => {
    const { server, spans } = await startTraced();
    const long = 'x'.repeat(4_000);
    await fetch(`${server.url}/${long}`, {
      headers: { 'user-agent': long, 'graphql-client-name': long },
    });
    const [span] = await spans();
    expect(span?.name).toBe('GET');
    for (const value of Object.values(span?.attributes ?? {})) {
      expect(String(value).length).toBeLessThanOrEqual(500);
    }
  });
});

async function countSpans(url: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.matchAll(/^tributary_trace_spans_total\{state="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...found].map(([, state, count]) => [state, Number(count)]));
}
