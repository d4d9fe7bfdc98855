import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { CloudEvent, HTTP } from 'cloudevents';
import { onTestFinished, describe, expect, it } from 'vitest';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { createKey } from '../../access/api-keys.ts';
import { systemClock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { MemoryMotion } from '../../motion/testing/memory-motion.ts';
import { freshnessOf } from '../../motion/testing/memory-sync.ts';
import { eventRoute } from './event-route.ts';
import { MetricPage } from '../../foundation/metrics/metric-page.ts';
import { addMotionMetrics } from '../../motion/metrics.ts';
import { metricsRoute } from './metrics-route.ts';
import { pushRoute } from './push-route.ts';
import type { StreamedBodyLimits } from './route.ts';
import { startTestFront } from './testing/start-test-front.ts';

async function start(limits: Partial<StreamedBodyLimits> = {}, flags: PartialConfig = {}) {
  const motion = new MemoryMotion();
  const front = await startTestFront(
    [
      eventRoute(motion.events),
      pushRoute(motion.sync, {
        maxBytes: 1_000_000_000,
        maxRatio: 200,
        idleTimeoutMs: 5_000,
        ...limits,
      }),
      metricsRoute(async () => {
        const page = new MetricPage();
        await addMotionMetrics(page, motion);
        return page;
      }),
    ],
    flags,
  );
  onTestFinished(() => front.stop());
  const post = async (
    path: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const sent = typeof body === 'string' ? body : new Uint8Array(body);
    const response = await fetch(`${front.url}${path}`, { method: 'POST', body: sent, headers });
    const text = await response.text();
    return { status: response.status, json: JSON.parse(text) as Record<string, unknown> };
  };
  return { front, motion, post };
}

const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };
const ndjson = { 'content-type': 'application/x-ndjson' };
const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/crm',
  type: 'CustomerUpdated',
  subject: 'C0000001',
  data: { name: 'Ada' },
};

describe('POST /events', () => {
  it('takes one event, and names the caller as who sent it', async () => {
    const { front, motion, post } = await start();
    const key = await createKey({ directory: front.directory, name: 'crm', clock: systemClock });
    const headers = { ...structured, 'x-api-key': key.token };
    expect(await post('/events', JSON.stringify(event), headers)).toEqual({
      status: 200,
      json: { id: 'e1', status: 'done', problems: [] },
    });
    expect(motion.events.received).toEqual([{ events: [event], actor: 'crm' }]);
  });

  it('takes what the CloudEvents SDK writes, in both modes', async () => {
    const { front, motion } = await start();
    const sent = new CloudEvent({
      ...event,
      subject: 'Käthe & Söhne',
      time: '2026-01-31T08:30:00.000Z',
      datacontenttype: 'application/json',
      entityversion: 7,
    });
    for (const { headers, body } of [HTTP.binary(sent), HTTP.structured(sent)]) {
      const response = await fetch(`${front.url}/events`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: String(body),
      });
      expect(response.status).toBe(200);
    }
    const [binary, whole] = motion.events.received.map(({ events }) => events[0]);
    expect(binary).toEqual(whole);
    expect(whole).toMatchObject({ id: 'e1', entityversion: 7, data: { name: 'Ada' } });
  });

  it('takes a batch, and has one outcome each', async () => {
    const { motion, post } = await start();
    motion.events.outcomeOf = (one) => {
      const { id } = one as { id: string };
      return id === 'e2'
        ? { id, status: 'refused', problems: [{ code: 'INVALID', message: 'No.' }] }
        : { id, status: 'done', problems: [] };
    };
    expect(await post('/events', JSON.stringify([event, { ...event, id: 'e2' }]), batch)).toEqual({
      status: 200,
      json: {
        outcomes: [
          { id: 'e1', status: 'done', problems: [] },
          { id: 'e2', status: 'refused', problems: [{ code: 'INVALID', message: 'No.' }] },
        ],
      },
    });
    const alone = await post('/events', JSON.stringify({ ...event, id: 'e2' }), structured);
    expect(alone).toMatchObject({ status: 422, json: { status: 'refused' } });
  });

  const malformed: readonly (readonly [
    string,
    string,
    Readonly<Record<string, string>>,
    number,
    string,
  ])[] = [
    ['is no JSON', '{ "id": ', structured, 400, 'EVENT_MALFORMED'],
    ['is empty', '', structured, 400, 'EVENT_MALFORMED'],
    ['is a list where one event was announced', '[]', structured, 400, 'EVENT_MALFORMED'],
    ['is null', 'null', structured, 400, 'EVENT_MALFORMED'],
    ['is one event where a batch was announced', '{}', batch, 400, 'EVENT_MALFORMED'],
    ['is a batch of texts', '["a"]', batch, 400, 'EVENT_MALFORMED'],
    ['is nested without end', '['.repeat(100_000), batch, 400, 'DOCUMENT_TOO_NESTED'],
    ['is plain JSON', '{}', { 'content-type': 'application/json' }, 415, 'EVENT_FORM_UNKNOWN'],
    [
      'is a form',
      'a=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'EVENT_FORM_UNKNOWN',
    ],
    [
      'has broken headers',
      '{}',
      { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': '%zz' },
      400,
      'EVENT_MALFORMED',
    ],
    ['is too large', `"${'x'.repeat(2_000_000)}"`, structured, 413, 'BODY_TOO_LARGE'],
  ];

  it.each(malformed)('refuses what %s', async (_name, body, headers, status, code) => {
    const { motion, post } = await start();
    expect(await post('/events', body, headers)).toMatchObject({
      status,
      json: { errors: [{ extensions: { code } }] },
    });
    expect(motion.events.received).toEqual([]);
  });

  it('is for known callers alone', async () => {
    const { post } = await start();
    const headers = { ...structured, authorization: 'Bearer nonsense' };
    expect((await post('/events', '{}', headers)).status).toBe(401);
  });
});

describe('POST /sync', () => {
  it('hands rows on as they come, however many they are', async () => {
    const { motion, post } = await start();
    const rows = Array.from({ length: 100_000 }, (_, id) => JSON.stringify({ id, tier: 'GOLD' }));
    const text = rows.join('\n');
    expect(text.length).toBeGreaterThan(2_000_000);
    const answer = await post('/sync/support/tickets?mode=snapshot', text, ndjson);
    expect(answer).toMatchObject({ status: 200, json: { rowsRead: 100_000, state: 'SUCCEEDED' } });
    expect(motion.sync.pushes[0]?.text).toBe(text);
    expect(motion.sync.pushOptions[0]).toMatchObject({
      domain: 'support',
      table: 'tickets',
      mode: 'snapshot',
      origin: { actor: 'local', source: '/sync/support' },
    });
  });

  it('takes a domain alone, names with odd letters, and packed rows', async () => {
    const { motion, post } = await start();
    const headers = { ...ndjson, 'content-encoding': 'gzip' };
    const packed = gzipSync('{"id":1}\n{"id":2}\n');
    expect(await post('/sync/k%C3%A4se', packed, headers)).toMatchObject({
      status: 200,
      json: { rowsRead: 2 },
    });
    expect(motion.sync.pushOptions[0]).toMatchObject({ domain: 'käse', mode: 'delta' });
    expect(motion.sync.pushOptions[0]?.table).toBeUndefined();
  });

  it('tells by its status whether the rows are in the lake', async () => {
    const { motion, post } = await start();
    motion.sync.pushState = 'REFUSED';
    expect((await post('/sync/support', '{}', ndjson)).status).toBe(422);
    motion.sync.pushState = 'FAILED';
    expect((await post('/sync/support', '{}', ndjson)).status).toBe(500);
  });

  it('may take longer than other requests, as long as bytes come', async () => {
    const { front, motion } = await start({}, { server: { requestTimeoutMs: 300 } });
    const answer = new Promise<string>((resolve, reject) => {
      const sending = httpRequest(`${front.url}/sync/support`, { method: 'POST', headers: ndjson });
      sending.on('error', reject).on('response', (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve(text));
      });
      void (async () => {
        for (let count = 0; count < 12; count++) {
          sending.write(`{"id":${count}}\n`);
          await sleep(100);
        }
        sending.end();
      })();
    });
    expect(JSON.parse(await answer)).toMatchObject({ rowsRead: 12 });
    expect(motion.sync.pushes).toHaveLength(1);
  });

  const refusals: readonly (readonly [
    string,
    string,
    string,
    Readonly<Record<string, string>>,
    number,
    string,
  ])[] = [
    [
      'JSON',
      '/sync/support',
      '{}',
      { 'content-type': 'application/json' },
      415,
      'PUSH_FORM_UNKNOWN',
    ],
    ['an unknown mode', '/sync/support?mode=merge', '{}', ndjson, 400, 'PUSH_MODE_UNKNOWN'],
    ['nowhere', '/sync/', '{}', ndjson, 404, 'PATH_NOT_FOUND'],
    ['too deep a path', '/sync/a/b/c', '{}', ndjson, 404, 'PATH_NOT_FOUND'],
    ['a broken path', '/sync/%zz', '{}', ndjson, 404, 'PATH_NOT_FOUND'],
    [
      'an unknown packing',
      '/sync/support',
      '{}',
      { ...ndjson, 'content-encoding': 'br' },
      415,
      'BODY_ENCODING_UNSUPPORTED',
    ],
    [
      'what is not packed',
      '/sync/support',
      '{}',
      { ...ndjson, 'content-encoding': 'gzip' },
      400,
      'BODY_NOT_GZIP',
    ],
  ];

  it.each(refusals)('refuses %s', async (_name, path, body, headers, status, code) => {
    const { post } = await start();
    expect(await post(path, body, headers)).toMatchObject({
      status,
      json: { errors: [{ extensions: { code } }] },
    });
  });

  it('refuses packed rows that are half there, and those that are more than they seem', async () => {
    const { post } = await start({ maxBytes: 1_000_000 });
    const headers = { ...ndjson, 'content-encoding': 'gzip' };
    const packed = gzipSync('{"id":1}\n'.repeat(1_000));
    expect(await post('/sync/support', packed.subarray(0, 30), headers)).toMatchObject({
      status: 400,
      json: { errors: [{ extensions: { code: 'BODY_NOT_GZIP' } }] },
    });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await post('/sync/support', bomb, headers)).toMatchObject({
      status: 413,
      json: { errors: [{ extensions: { code: 'PUSH_TOO_LARGE' } }] },
    });
  });

  it('tells a client why, also one that is still sending', async () => {
    const { front, motion } = await start({ maxBytes: 1_000_000 });
    const chunk = `{"pad":"${'x'.repeat(65_000)}"}\n`;
    const send = (): Promise<readonly [number | undefined, string]> =>
      new Promise((resolve, reject) => {
        const sending = httpRequest(`${front.url}/sync/support`, {
          method: 'POST',
          headers: ndjson,
        });
        sending.on('error', reject).on('response', (response) => {
          let text = '';
          response
            .on('data', (part) => (text += String(part)))
            .on('end', () => resolve([response.statusCode, text]));
        });
        let count = 0;
        const more = (): void => {
          while (count++ < 100) {
            if (!sending.write(chunk)) {
              sending.once('drain', more);
              return;
            }
          }
          sending.end();
        };
        more();
      });
    const tooMuch = await send();
    expect(tooMuch).toMatchObject([413, expect.stringContaining('PUSH_TOO_LARGE')]);
    motion.sync.refusal = raise('PATH_NOT_FOUND', { path: '/sync/support', suggestion: '' });
    expect(await send()).toMatchObject([404, expect.stringContaining('PATH_NOT_FOUND')]);
    // The server goes on.
    motion.sync.refusal = undefined;
    const next = await fetch(`${front.url}/sync/support`, {
      method: 'POST',
      headers: ndjson,
      body: '{}',
    });
    expect(next.status).toBe(200);
  });

  it('gives up on a client that says nothing, and on one that leaves in the middle', async () => {
    const { front, motion } = await start({ idleTimeoutMs: 200 });
    const head = `POST /sync/support HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-ndjson\r\n`;
    const silent = await front.sendRaw(`${head}content-length: 100\r\n\r\n{"id":1}\n`);
    expect(silent).toContain('HTTP/1.1 408');
    expect(silent).toContain('PUSH_STALLED');
    const socket = connect(front.port, '127.0.0.1', () => {
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n8\r\n{"id":1}\r\n`);
      setTimeout(() => socket.destroy(), 50);
    });
    await sleep(150);
    const gone = motion.sync.pushOptions.at(-1);
    expect(gone?.signal.aborted).toBe(true);
    expect(gone?.body.destroyed).toBe(true);
    expect(front.logLines.filter(({ level }) => level === 50 || level === 'error')).toEqual([]);
  });

  it('invites a client that asks before it sends', async () => {
    const { front } = await start();
    const head = `POST /sync/support HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-ndjson\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n`;
    const answer = await front.sendRaw(`${head}{"id":1}\n`);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/);
    const refused = await front.sendRaw(head.replace('/sync/support', '/sync/a/b/c'));
    expect(refused).toMatch(/^HTTP\/1.1 404/);
  });
});

describe('a body that nobody reads', () => {
  it('does not hold its connection for ever after the answer', async () => {
    const { front } = await start({}, { server: { requestTimeoutMs: 300 } });
    const startedMs = performance.now();
    const answer = await front.sendRaw(
      'POST /nowhere HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nonly so much',
    );
    expect(answer).toContain('HTTP/1.1 404');
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });
});

describe('GET /metrics', () => {
  it('is what Prometheus reads', async () => {
    const { front, motion } = await start();
    motion.sync.tables.push(
      freshnessOf('sales'),
      freshnessOf('support', { state: 'NEVER', lagSeconds: null, objectiveSeconds: null }),
    );
    await motion.events.createSubscriber({ name: 'CRM "1"', url: 'https://x' }, 'crm');
    const response = await fetch(`${front.url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await response.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'tributary_freshness_lag_seconds{domain="sales",table="customer"} 60',
        'tributary_freshness_objective_seconds{domain="sales",table="customer"} 86400',
        'tributary_freshness_stale{domain="sales",table="customer"} 0',
        'tributary_freshness_stale{domain="support",table="customer"} 1',
        'tributary_rows{domain="sales",table="customer"} 1000',
        'tributary_quarantined_rows{domain="sales",table="customer"} 2',
        'tributary_event_backlog{id="s1",name="CRM \\"1\\""} 0',
        'tributary_event_subscriber_active{id="s1",name="CRM \\"1\\""} 1',
        'tributary_event_lag_seconds{id="s1",name="CRM \\"1\\""} 0.5',
        'tributary_event_dead_letters{id="s1",name="CRM \\"1\\""} 1',
        'tributary_events_delivered_total{id="s1",name="CRM \\"1\\""} 7',
        'tributary_event_attempts_failed_total{id="s1",name="CRM \\"1\\""} 3',
        'tributary_ledger_head 42',
      ]),
    );
    expect(lines.some((line) => line.includes('lag_seconds{domain="support"'))).toBe(false);
  });

  it('is for known callers alone', async () => {
    const { front } = await start();
    const headers = { 'x-forwarded-for': '1.2.3.4' };
    expect((await fetch(`${front.url}/metrics`, { headers })).status).toBe(401);
  });
});
