import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import type { GraphAnswer } from './testing/ask-graph.ts';
import { collectedLog } from './testing/collected-log.ts';
import { checkLake } from './testing/killed-server/check-lake.ts';
import { checkLog } from './testing/killed-server/check-log.ts';
import { withLakeCopy } from './testing/killed-server/lake-copy.ts';
import { readLog, readTables, type Texts } from './testing/killed-server/logged-changes.ts';
import { pushingProject } from './testing/pushing-project.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const folder = sharedTempFolder();
const dataDirectory = join(folder, 'data');
const { log, entries } = collectedLog();
let project: TestProject;
let first: ReadonlyMap<string, Texts>;

beforeAll(async () => {
  const { directory } = pushingProject(join(folder, 'project'));
  const flags = { sync: { maxPushBytes: 4_000_000, pushIdleTimeoutMs: 2_000 } };
  project = await startProjectUntilClosed({
    projectDirectory: directory,
    dataDirectory,
    log,
    flags,
  });
  first = await withLakeCopy(dataDirectory, readTables);
});

/** Whatever a client sends is no fault of the server, and leaves it as it was. */
afterEach(async () => {
  const failures = entries.splice(0).filter(({ level }) => level === 'error' || level === 'fatal');
  expect(failures).toEqual([]);
  const { data, errors } = await project.ask('{ customer(id: "S1") { id name salesRep } }');
  expect({ data, errors }).toEqual({
    data: { customer: { id: 'S1', name: 'Seed One', salesRep: null } },
    errors: undefined,
  });
});

afterAll(async () => {
  await project.server.close();
  const problems = await withLakeCopy(dataDirectory, async (lake) => [
    ...checkLog(await readLog(lake), first, await readTables(lake)),
    ...(await checkLake(lake)),
  ]);
  expect(problems).toEqual([]);
});

type Json = Readonly<Record<string, unknown>>;

interface Posted {
  readonly status: number;
  readonly json: Json;
  readonly code: unknown;
}

async function post(
  path: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<Posted> {
  const sent = typeof body === 'string' ? body : new Uint8Array(body);
  const response = await fetch(`${project.server.url}${path}`, {
    method: 'POST',
    headers,
    body: sent,
  });
  const json = JSON.parse(await response.text()) as Json;
  const [error] = (json['errors'] ?? []) as readonly { readonly extensions: Json }[];
  return { status: response.status, json, code: error?.extensions['code'] };
}

/** Sends the beginning of a request and goes away, without a word or in good order. */
function sendHalf(path: string, type: string, body: string, way: 'reset' | 'end'): Promise<string> {
  return new Promise((resolve) => {
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 100000\r\n\r\n`;
    const socket = connect(project.server.port, '127.0.0.1', () => {
      if (way === 'end') socket.end(head + body);
      else socket.write(head + body, () => setTimeout(() => socket.resetAndDestroy(), 50));
    });
    let received = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (received += chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
}

/** Names of all customers; whatever is not among them was not made. */
async function customersNamed(name: string): Promise<number> {
  const query =
    'query ($name: String!) { customers(where: { name: { eq: $name } }) { totalCount } }';
  const { data, errors } = await project.ask(query, { name });
  expect(errors).toBeUndefined();
  return (data as { readonly customers: { readonly totalCount: number } }).customers.totalCount;
}

async function countOf(list: 'customers' | 'orders'): Promise<number> {
  const { data, errors } = await project.ask(`{ ${list}(first: 1) { totalCount } }`);
  expect(errors).toBeUndefined();
  return (data as Record<string, { readonly totalCount: number }>)[list]?.totalCount ?? -1;
}

const one = { 'content-type': 'application/cloudevents+json' };
const batch = { 'content-type': 'application/cloudevents-batch+json' };
const ndjson = { 'content-type': 'application/x-ndjson' };

const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/abuse',
  type: 'CustomerCreated',
  subject: 'X1',
  data: { name: 'Mallory', email: 'mallory@abuse.example' },
};

const sql = `'; DROP TABLE identity.customer; --`;

describe('POST /events', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, string | Uint8Array, number, string]>(
    [
      ['no type', {}, '{}', 415, 'EVENT_FORM_UNKNOWN'],
      ['the type of a form', { 'content-type': 'text/html' }, '{}', 415, 'EVENT_FORM_UNKNOWN'],
      [
        'JSON without attributes',
        { 'content-type': 'application/json' },
        '{}',
        415,
        'EVENT_FORM_UNKNOWN',
      ],
      ['nothing', one, '', 400, 'EVENT_MALFORMED'],
      ['half a JSON text', one, '{"specversion": "1.0', 400, 'EVENT_MALFORMED'],
      ['null', one, 'null', 400, 'EVENT_MALFORMED'],
      ['a number', one, '42', 400, 'EVENT_MALFORMED'],
      ['a list where one event is said', one, '[]', 400, 'EVENT_MALFORMED'],
      ['an object where a batch is said', batch, '{}', 400, 'EVENT_MALFORMED'],
      ['a batch of numbers', batch, '[1, 2]', 400, 'EVENT_MALFORMED'],
      [
        'a batch of 1,001',
        batch,
        JSON.stringify(Array.from({ length: 1_001 }, () => event)),
        413,
        'EVENT_BATCH_TOO_LARGE',
      ],
      ['100,000 brackets', one, '['.repeat(100_000), 400, 'DOCUMENT_TOO_NESTED'],
      [
        '2 MB',
        one,
        JSON.stringify({ ...event, data: 'x'.repeat(2_000_000) }),
        413,
        'BODY_TOO_LARGE',
      ],
      ['bytes that are no text', one, new Uint8Array([0x7b, 0xff, 0x7d]), 400, 'BODY_NOT_UTF8'],
      [
        'a packed body',
        { ...one, 'content-encoding': 'gzip' },
        gzipSync('{}'),
        415,
        'BODY_ENCODING_UNSUPPORTED',
      ],
      [
        'an attribute that is not encoded',
        { 'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': '%zz' },
        '{}',
        400,
        'EVENT_MALFORMED',
      ],
    ],
  )('with %s is refused as a whole', async (_, headers, body, status, code) => {
    const answer = await post('/events', body, headers);
    expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
    expect(await customersNamed('Mallory')).toBe(0);
  });

  it.each(['reset', 'end'] as const)('that is half sent (%s) changes nothing', async (way) => {
    const answer = await sendHalf('/events', one['content-type'], JSON.stringify(event), way);
    if (way === 'end') expect(answer).toContain('BODY_INCOMPLETE');
    expect(await customersNamed('Mallory')).toBe(0);
  });

  const far = new Date(Date.now() + 3_600_000).toISOString();
  it.each<readonly [string, string, unknown]>([
    ...[
      '__proto__',
      'constructor',
      'toString',
      'DragonCreated',
      '__proto__Created',
      'Created',
      sql,
      42,
      {},
      [],
      true,
      null,
      '',
    ].map((type) => ['type', 'type', type] as const),
    ...[null, 42, {}, '', '\u0000', 'x'.repeat(2_000)].map((id) => ['id', 'id', id] as const),
    ...['no uri\n', 'a b', '\u0000', [], 7].map((source) => ['source', 'source', source] as const),
    ...[42, {}, [], '', 'a\u0000b', '\ud800', 'x'.repeat(2_000)].map(
      (subject) => ['subject', 'subject', subject] as const,
    ),
    ...['tomorrow', 1e12, '2026-13-01T00:00:00Z', {}].map(
      (time) => ['time', 'time', time] as const,
    ),
    ['time', '', far],
    ['time', '', '9999-12-31T23:59:59Z'],
    ...['x', 7, '2026-01-01T00:00:00.000Z', '2026-99-01T00:00:00.000Z.0000'].map(
      (hlc) => ['hlc', 'hlc', hlc] as const,
    ),
    ['hlc', '', `${far}.0000`],
    ['hlc', '', '9999-12-31T23:59:59.999Z.ffff'],
    ...[null, 42, 'x', [], true].map((data) => ['data', 'data', data] as const),
    ...['0.3', 1, null].map((version) => ['specversion', 'specversion', version] as const),
    ['datacontenttype', 'datacontenttype', 'text/xml'],
    ['data_base64', 'data_base64', 'e30='],
  ])('with the %s refuses it for %s: %j', async (name, field, value) => {
    const answer = await post('/events', JSON.stringify({ ...event, [name]: value }), one);
    expect(answer.status).toBe(422);
    expect(answer.json).toMatchObject({ status: 'refused' });
    const [problem] = answer.json['problems'] as readonly Json[];
    if (field === '') expect(problem).toMatchObject({ code: 'CLOCK_SKEW' });
    else expect(problem).toMatchObject({ field });
    expect(await customersNamed('Mallory')).toBe(0);
  });

  it.each<readonly [string, string, string]>([
    ['name', 'INVALID', '"a\\u0000b"'],
    ['name', 'INVALID', '"\\ud83d"'],
    ['name', 'INVALID', JSON.stringify('x'.repeat(100_000))],
    ['name', 'INVALID', '{"first": "Mallory"}'],
    ['name', 'INVALID', '["Mallory"]'],
    ['name', 'INVALID', 'true'],
    ['name', 'REQUIRED', '"   "'],
    ['name', 'REQUIRED', 'null'],
    ['email', 'INVALID', '"nobody"'],
    ['email', 'INVALID', '"a@b@c"'],
    ['email', 'INVALID', JSON.stringify(`${'x'.repeat(400)}@abuse.example`)],
    ['email', 'INVALID', '"a\\nb@abuse.example"'],
  ])('whose data has a %s that is %s refuses it: %s', async (name, code, text) => {
    const data = JSON.stringify({ ...event.data, [name]: '§' }).replace('"§"', text);
    const body = JSON.stringify({ ...event, data: '§' }).replace('"§"', data);
    const { status, json } = await post('/events', body, one);
    expect(status).toBe(422);
    expect(json).toMatchObject({ status: 'refused', problems: [{ code, field: name }] });
  });

  it('does not take what stands in __proto__ for data', async () => {
    const data = '{"__proto__": {"name": "Mallory", "email": "m@abuse.example"}}';
    const body = JSON.stringify({ ...event, data: '§' }).replace('"§"', data);
    const { json } = await post('/events', body, one);
    expect(json).toMatchObject({ status: 'refused' });
    const attribute = `{"__proto__": {"specversion": "1.0"}, ${JSON.stringify({ ...event, specversion: undefined }).slice(1)}`;
    expect((await post('/events', attribute, one)).json).toMatchObject({ status: 'refused' });
    expect(await customersNamed('Mallory')).toBe(0);
  });

  it('keeps customers whose ids are names that objects have', async () => {
    const ids = ['__proto__', 'constructor', 'hasOwnProperty', sql, '%_', '"', '🐉', 'a/b'];
    const events = ids.map((subject, place) => ({
      ...event,
      id: `odd-${place}`,
      subject,
      data: { name: `Odd ${subject}`, email: `odd-${place}@abuse.example` },
    }));
    const { json } = await post('/events', JSON.stringify(events), batch);
    expect(
      (json['outcomes'] as readonly Json[]).map(({ status, subject }) => [status, subject]),
    ).toEqual(ids.map((id) => ['done', id]));
    for (const id of ids) {
      const query = 'query ($id: ID!) { customer(id: $id) { id name } }';
      expect((await project.ask(query, { id })).data).toEqual({
        customer: { id, name: `Odd ${id}` },
      });
    }
  });

  it('repeated fifty times at once makes one customer', async () => {
    const body = JSON.stringify({
      ...event,
      id: 'fifty',
      subject: 'FIFTY',
      data: { name: 'Fifty', email: 'fifty@abuse.example' },
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => post('/events', body, one)));
    expect(answers.map(({ json }) => json)).toEqual(answers.map(() => answers[0]?.json));
    expect(answers[0]?.json).toMatchObject({ status: 'done', version: 1 });
    expect(await customersNamed('Fifty')).toBe(1);
  });

  it('takes the good ones of a batch whose others are bad', async () => {
    const good = (n: number): Json => ({
      ...event,
      id: `mixed-${n}`,
      subject: `M${n}`,
      data: { name: 'Mixed', email: `mixed-${n}@abuse.example` },
    });
    const sent = [
      good(1),
      { ...good(2), type: '__proto__' },
      good(3),
      { ...good(4), hlc: '9999-01-01T00:00:00.000Z.0000' },
      {},
      good(1),
    ];
    const { status, json } = await post('/events', JSON.stringify(sent), batch);
    expect(status).toBe(200);
    expect((json['outcomes'] as readonly Json[]).map((outcome) => outcome['status'])).toEqual([
      'done',
      'refused',
      'done',
      'refused',
      'refused',
      'done',
    ]);
    expect(await customersNamed('Mixed')).toBe(2);
  });
});

describe('POST /sync', () => {
  const row = (id: string, more: Json = {}): string =>
    `${JSON.stringify({ id, changedAt: '2026-01-02T00:00:00Z', note: 'pushed', amount: 1, ...more })}\n`;

  it.each<
    readonly [string, string, string | Uint8Array, Readonly<Record<string, string>>, number, string]
  >([
    ['no type', '/sync/billing', row('A'), {}, 415, 'PUSH_FORM_UNKNOWN'],
    [
      'JSON',
      '/sync/billing',
      row('A'),
      { 'content-type': 'application/json' },
      415,
      'PUSH_FORM_UNKNOWN',
    ],
    ['an unknown domain', '/sync/biling', row('A'), ndjson, 404, 'SYNC_PUSH_UNKNOWN'],
    ['a name that objects have', '/sync/__proto__', row('A'), ndjson, 404, 'SYNC_PUSH_UNKNOWN'],
    ['another such name', '/sync/billing/constructor', row('A'), ndjson, 404, 'SYNC_PUSH_UNKNOWN'],
    [
      'a table of identities',
      '/sync/identity/customer',
      row('A'),
      ndjson,
      404,
      'SYNC_PUSH_UNKNOWN',
    ],
    ['a table of the product', '/sync/ledger/change', row('A'), ndjson, 404, 'SYNC_PUSH_UNKNOWN'],
    [
      'SQL as a table',
      `/sync/billing/${encodeURIComponent(sql)}`,
      row('A'),
      ndjson,
      404,
      'SYNC_PUSH_UNKNOWN',
    ],
    ['a NUL as a table', '/sync/billing/%00', row('A'), ndjson, 404, 'SYNC_PUSH_UNKNOWN'],
    ['too long a path', '/sync/billing/orders/more', row('A'), ndjson, 404, 'PATH_NOT_FOUND'],
    ['no domain', '/sync/', row('A'), ndjson, 404, 'PATH_NOT_FOUND'],
    ['a path that is not encoded', '/sync/%zz', row('A'), ndjson, 404, 'PATH_NOT_FOUND'],
    [
      'an unknown mode',
      '/sync/billing?mode=everything',
      row('A'),
      ndjson,
      400,
      'PUSH_MODE_UNKNOWN',
    ],
    ['half a line', '/sync/billing', `${row('A')}{"id": "B"`, ndjson, 422, 'SYNC_PUSH_INVALID'],
    ['a list', '/sync/billing', `${row('A')}[]\n`, ndjson, 422, 'SYNC_PUSH_INVALID'],
    ['a number', '/sync/billing', `${row('A')}42\n`, ndjson, 422, 'SYNC_PUSH_INVALID'],
    ['CSV', '/sync/billing', 'id,note\nA,x\n', ndjson, 422, 'SYNC_PUSH_INVALID'],
    [
      'a line of more than 1 MB',
      '/sync/billing',
      row('A') + row('B', { note: 'x'.repeat(1_100_000) }),
      ndjson,
      422,
      'SYNC_PUSH_INVALID',
    ],
    [
      'brackets without end',
      '/sync/billing',
      `${row('A')}${'['.repeat(500_000)}\n`,
      ndjson,
      422,
      'SYNC_PUSH_INVALID',
    ],
    [
      'bytes that are no text',
      '/sync/billing',
      Buffer.concat([Buffer.from(row('A')), Buffer.from([0xff, 0x0a])]),
      ndjson,
      422,
      'SYNC_PUSH_INVALID',
    ],
    [
      'more than may be pushed',
      '/sync/billing',
      row('A', { note: 'x'.repeat(10_000) }).repeat(500),
      ndjson,
      413,
      'PUSH_TOO_LARGE',
    ],
    [
      'a bomb',
      '/sync/billing',
      gzipSync(row('A').repeat(100_000)),
      { ...ndjson, 'content-encoding': 'gzip' },
      413,
      'PUSH_TOO_LARGE',
    ],
    [
      'what is not packed',
      '/sync/billing',
      row('A'),
      { ...ndjson, 'content-encoding': 'gzip' },
      400,
      'BODY_NOT_GZIP',
    ],
    [
      'half of what is packed',
      '/sync/billing',
      gzipSync(row('A').repeat(100)).subarray(0, 60),
      { ...ndjson, 'content-encoding': 'gzip' },
      400,
      'BODY_NOT_GZIP',
    ],
  ])(
    'with %s is refused, and nothing of it is kept',
    async (_, path, body, headers, status, code) => {
      const answer = await post(path, body, headers);
      expect({ status: answer.status, code: answer.code }).toEqual({ status, code });
      expect(await countOf('orders')).toBe(0);
    },
  );

  it.each(['reset', 'end'] as const)('that is half sent (%s) keeps nothing', async (way) => {
    const answer = await sendHalf(
      '/sync/billing',
      ndjson['content-type'],
      row('A').repeat(200),
      way,
    );
    if (way === 'end') expect(answer).toContain('BODY_INCOMPLETE');
    expect(await countOf('orders')).toBe(0);
  });

  it('that stalls is cut off, and nothing is kept', async () => {
    const text = await new Promise<string>((resolve) => {
      const socket = connect(project.server.port, '127.0.0.1', () => {
        socket.write(
          `POST /sync/billing HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nContent-Length: 5000\r\n\r\n${row('A')}`,
        );
      });
      let received = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        received += chunk;
        if (received.includes('}')) socket.destroy();
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toContain('PUSH_STALLED');
    expect(await countOf('orders')).toBe(0);
  });

  it('quarantines rows that nothing can be made of, and keeps texts as they are', async () => {
    const texts = [
      sql,
      '__proto__',
      '🐉 ﷽',
      '"quoted"',
      "it's",
      '\\',
      '%',
      '\u2028',
      ' ',
      '{"a":1}',
      'NaN',
    ];
    const bad = [
      `{"changedAt": "2026-01-02T00:00:00Z"}\n`,
      row(''),
      row('N1', { changedAt: 'yesterday' }),
      row('N2', { changedAt: null }),
      row('N3', { changedAt: '9999-01-01T00:00:00Z' }),
      row('N4', { amount: 'much' }),
      row('N5', { amount: 1.234 }),
      `{"id": "N6", "changedAt": "2026-01-02T00:00:00Z", "amount": 1e400}\n`,
    ];
    const good = texts.map((note, place) => row(`T${place}`, { note }));
    const answer = await post('/sync/billing', [...good, ...bad].join(''), ndjson);
    expect(answer).toMatchObject({
      status: 200,
      json: { state: 'SUCCEEDED', inserted: texts.length, quarantined: bad.length },
    });
    const query = 'query ($id: ID!) { order(id: $id) { note } }';
    for (const [place, note] of texts.entries()) {
      expect((await project.ask(query, { id: `T${place}` })).data).toEqual({ order: { note } });
    }
  });

  it.each<readonly [string, string]>([
    ['a NUL', '{"id": "U1", "changedAt": "2026-01-02T00:00:00Z", "note": "a\\u0000b"}'],
    [
      'half a surrogate pair',
      '{"id": "U2", "changedAt": "2026-01-02T00:00:00Z", "note": "\\ud83d"}',
    ],
    ['a NUL in its key', '{"id": "U\\u0000", "changedAt": "2026-01-02T00:00:00Z"}'],
    ['objects for values', '{"id": {"a": 1}, "changedAt": "2026-01-02T00:00:00Z", "note": [1, 2]}'],
    [
      'members of its prototype',
      '{"__proto__": {"id": "U5"}, "changedAt": "2026-01-02T00:00:00Z"}',
    ],
    ['a member twice', '{"id": "U6", "id": "U7", "changedAt": "2026-01-02T00:00:00Z"}'],
    [
      '10,000 members',
      `{"id": "U8", "changedAt": "2026-01-02T00:00:00Z"${Array.from({ length: 10_000 }, (_, n) => `,"m${n}":${n}`).join('')}}`,
    ],
  ])('with a row that has %s is taken or refused in good order', async (_, line) => {
    const { status, json, code } = await post('/sync/billing', `${line}\n`, ndjson);
    expect([200, 422], JSON.stringify(json)).toContain(status);
    if (status === 422 && json['state'] === undefined) expect(code).toBe('SYNC_PUSH_INVALID');
    expect(JSON.stringify(json)).not.toMatch(
      /\bSELECT\b|Binder Error|Conversion Error|node_modules/,
    );
  });

  it('two at once of the same table leave the newer rows', async () => {
    const body = (minute: number): string =>
      Array.from({ length: 300 }, (_, n) =>
        row(`D${n}`, { note: `minute ${minute}`, changedAt: `2026-02-01T00:0${minute}:00Z` }),
      ).join('');
    const answers = await Promise.all(
      [2, 1, 3].map((minute) => post('/sync/billing', body(minute), ndjson)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { data } = await project.ask(
      '{ orders(where: { note: { startsWith: "minute" } }, first: 1) { totalCount nodes { note } } }',
    );
    expect(data).toEqual({ orders: { totalCount: 300, nodes: [{ note: 'minute 3' }] } });
  });

  it('more at once than may be are told to come again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, n) => post('/sync/billing', row(`B${n}`), ndjson)),
    );
    for (const { status, code } of answers) {
      if (status !== 200) expect({ status, code }).toEqual({ status: 503, code: 'SYNC_PUSH_BUSY' });
    }
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(4);
  });
});

const created = 'customer { id name email } version errors { code field }';
const create = `mutation ($input: CreateCustomerInput!) { made: createCustomer(input: $input) { ${created} } }`;
const update = `mutation ($input: UpdateCustomerInput!) { made: updateCustomer(input: $input) { ${created} } }`;

interface Made {
  readonly customer: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly version: number | null;
  readonly errors: readonly { readonly code: string; readonly field: string | null }[];
}

async function make(input: Json, mutation = create): Promise<Made> {
  const { data, errors } = await project.ask(mutation, { input });
  expect(errors).toBeUndefined();
  return (data as { readonly made: Made }).made;
}

describe('mutations', () => {
  it.each<readonly [string, string, string]>([
    ['name', 'INVALID', 'a\u0000b'],
    ['name', 'INVALID', '\ud800'],
    ['name', 'INVALID', 'a\udfffb'],
    ['name', 'INVALID', 'line\nline'],
    ['name', 'INVALID', 'x'.repeat(900_000)],
    ['name', 'REQUIRED', ''],
    ['name', 'REQUIRED', ' \u00a0 '],
    ['email', 'INVALID', 'nobody'],
    ['email', 'INVALID', 'a\u0000@abuse.example'],
    ['email', 'INVALID', 'a b@abuse.example'],
    ['id', 'INVALID', 'a\u0000b'],
    ['id', 'INVALID', '\ud800'],
    ['id', 'INVALID', 'x'.repeat(20_000)],
  ])('with a %s that is %s make nothing', async (field, code, text) => {
    const before = await countOf('customers');
    const input = { name: 'Mallory', email: 'mallory@abuse.example', [field]: text };
    expect(await make(input)).toEqual({ customer: null, version: null, errors: [{ code, field }] });
    expect(await countOf('customers')).toBe(before);
  });

  it('keep SQL as the text that it is, in every field', async () => {
    const email = `"${sql.replaceAll(' ', '')}"@abuse.example`;
    const input = { id: `${sql}1`, name: sql, email, idempotencyKey: sql };
    const made = await make(input);
    expect(made).toEqual({ customer: { id: `${sql}1`, name: sql, email }, version: 1, errors: [] });
    expect(await make(input)).toEqual(made);
    const changed = await make(
      { id: `${sql}1`, name: `${sql}2`, idempotencyKey: `${sql}2` },
      update,
    );
    expect(changed).toMatchObject({ customer: { name: `${sql}2` }, version: 2 });
    expect(await customersNamed(`${sql}2`)).toBe(1);
  });

  it.each<readonly [string, string]>([
    [
      'a member twice',
      'mutation { createCustomer(input: { name: "a", name: "b", email: "a@b.example" }) { version } }',
    ],
    [
      'who made it',
      'mutation { createCustomer(input: { name: "a", email: "a@b.example", createdBy: "root" }) { version } }',
    ],
    [
      'a version',
      'mutation { createCustomer(input: { name: "a", email: "a@b.example", version: 7 }) { version } }',
    ],
    [
      'a number for a name',
      'mutation { createCustomer(input: { name: 7, email: "a@b.example" }) { version } }',
    ],
    [
      'a fraction of a version',
      'mutation { updateCustomer(input: { id: "S2", name: "a", expectedVersion: 1.5 }) { version } }',
    ],
    [
      'a version beyond 32 bits',
      'mutation { updateCustomer(input: { id: "S2", name: "a", expectedVersion: 4294967297 }) { version } }',
    ],
    ['no input', 'mutation { createCustomer(input: null) { version } }'],
  ])('that say %s are no valid questions', async (_, query) => {
    const { status, errors } = await project.ask(query);
    expect(status).toBe(400);
    expect(errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('with variables that GraphQL does not allow are refused', async () => {
    const inputs: readonly unknown[] = [
      null,
      [],
      'x',
      { name: 'a' },
      { name: 'a', email: 'a@b.example', createdBy: 'root' },
      JSON.parse('{"name": "a", "email": "a@b.example", "__proto__": {"id": "P"}}'),
      { name: { first: 'a' }, email: 'a@b.example' },
    ];
    for (const input of inputs) {
      const answer: GraphAnswer = await project.ask(create, { input });
      expect(answer.errors?.length, JSON.stringify(input)).toBeGreaterThan(0);
    }
    expect(await customersNamed('a')).toBe(0);
  });

  it('expect no version that there never was', async () => {
    for (const expectedVersion of [-1, 0, 2, -2_147_483_648, 2_147_483_647]) {
      const made = await make({ id: 'S2', name: 'Taken over', expectedVersion }, update);
      expect(made.errors).toEqual([{ code: 'VERSION_CONFLICT', field: 'expectedVersion' }]);
    }
    expect(await customersNamed('Seed Two')).toBe(1);
  });

  it('refuse a key for idempotency that was used for something else', async () => {
    const used = { name: 'Key', email: 'key@abuse.example', idempotencyKey: 'reused' };
    const { customer } = await make(used);
    const refusal = [{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' }];
    expect((await make({ ...used, name: 'Other' })).errors).toEqual(refusal);
    const changed = { id: customer?.id, name: 'Other', idempotencyKey: 'reused' };
    expect((await make(changed, update)).errors).toEqual(refusal);
    expect(await customersNamed('Other')).toBe(0);
  });

  it.each<readonly [string, string, string]>([
    ['a NUL', 'k\u0000a', 'k\u0000b'],
    ['halves of surrogate pairs', '\ud800', '\udfff'],
    ['line feeds', 'crm\nk', 'k'],
    ['500,000 characters', `${'x'.repeat(500_000)}1`, `${'x'.repeat(500_000)}2`],
  ])('tell keys for idempotency apart that have %s, or refuse them', async (what, one, other) => {
    const inputs = [one, other].map((idempotencyKey, place) => ({
      name: `Apart ${what}`,
      email: `apart-${place}-${what.length}@abuse.example`,
      idempotencyKey,
    }));
    const made: Made[] = [];
    for (const input of [...inputs, ...inputs]) made.push(await make(input));
    if (made[0]?.customer === null) {
      expect(made.map(({ errors }) => errors[0]?.field)).toEqual(made.map(() => 'idempotencyKey'));
      return;
    }
    expect(made.slice(2)).toEqual(made.slice(0, 2));
    expect(await customersNamed(`Apart ${what}`)).toBe(2);
  });

  it('sent two hundred times at once under one key make one customer', async () => {
    const input = { name: 'Once', email: 'once@abuse.example', idempotencyKey: 'once' };
    const made = await Promise.all(Array.from({ length: 200 }, () => make(input)));
    expect(new Set(made.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(made[0]).toMatchObject({ version: 1, errors: [] });
    expect(await customersNamed('Once')).toBe(1);
  });

  it('that make fifty customers of one address at once make one', async () => {
    const emails = [
      'twin@abuse.example',
      'Twin@Abuse.Example',
      ' twin@abuse.example ',
      'TWIN@ABUSE.EXAMPLE',
    ];
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, n) => make({ name: 'Twin', email: emails[n % 4] })),
    );
    expect(new Set(made.map(({ customer }) => customer?.id)).size).toBe(1);
    expect(made.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    for (const { errors } of made.filter((one) => one.errors.length > 0))
      expect(errors).toEqual([{ code: 'EXISTS', field: 'email' }]);
    expect(await customersNamed('Twin')).toBe(1);
  });

  it('that expect the same version at once: one of them comes first', async () => {
    const { customer } = await make({ name: 'Race', email: 'race@abuse.example' });
    const made = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        make({ id: customer?.id, name: `Race ${n}`, expectedVersion: 1 }, update),
      ),
    );
    expect(made.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  });

  it('that merge two customers into each other at once leave one', async () => {
    const pair = await Promise.all(
      ['left', 'right'].map((side) => make({ name: 'Pair', email: `${side}@abuse.example` })),
    );
    const [left = '', right = ''] = pair.map(({ customer }) => customer?.id);
    const merge = `mutation ($winner: ID!, $loser: ID!) {
      made: mergeCustomers(input: { winnerId: $winner, loserId: $loser }) { customer { id } errors { code } } }`;
    const answers = await Promise.all([
      project.ask(merge, { winner: left, loser: right }),
      project.ask(merge, { winner: right, loser: left }),
      project.ask(merge, { winner: left, loser: left }),
    ]);
    const codes = answers.map(({ data }) => (data as { made: Made }).made.errors[0]?.code);
    const refused = codes.filter((code) => code === 'MERGE_INTO_ITSELF');
    expect([codes.length, refused.length, codes.includes(undefined)]).toEqual([3, 2, true]);
    expect(await customersNamed('Pair')).toBe(1);
    const both = await project.ask(
      'query ($a: ID!, $b: ID!) { a: customer(id: $a) { id } b: customer(id: $b) { id } }',
      { a: left, b: right },
    );
    expect(both.errors).toBeUndefined();
  });
});

describe('subscribers', () => {
  const subscribe = `mutation ($input: CreateEventSubscriberInput!) {
    made: createSubscriber(input: $input) { secret problems { code field } } }`;

  it.each([
    '',
    'x',
    'https://',
    'http:///path',
    'https://user:secret@tool.example/hook',
    'https://user@tool.example/hook',
    'file:///etc/passwd',
    'ftp://tool.example/hook',
    'gopher://tool.example/1',
    'javascript:alert(1)',
    'data:text/plain,x',
    '//tool.example/hook',
    'http:tool.example',
    'https://tool.example/hook#part',
    `https://tool.example/${'x'.repeat(3_000)}`,
    'https://tool.example:99999/',
    'https://to ol.example/',
    ' https://tool.example/',
    'https://tool.example/\u0000',
    'https://tool.example/a\r\nHost: evil.example',
    'https://[::1',
  ])('do not go to %j', async (url) => {
    const { data, errors } = await project.ask(subscribe, {
      input: { name: 'Mallory', url },
    });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ made: { secret: null, problems: [{ code: 'INVALID', field: 'url' }] } });
  });

  it.each<readonly [string, string, Json]>([
    ['REQUIRED', 'name', { name: ' ' }],
    ['INVALID', 'name', { name: 'a\u0000b' }],
    ['INVALID', 'name', { name: '\ud800' }],
    ['INVALID', 'name', { name: 'x'.repeat(300) }],
    ['INVALID', 'entities', { entities: ['__proto__'] }],
    ['INVALID', 'entities', { entities: [sql] }],
    ['INVALID', 'types', { types: ['constructor'] }],
    ['INVALID', 'types', { types: ['__proto__Created'] }],
    ['INVALID', 'vetoWindowMs', { vetoWindowMs: -1 }],
    ['INVALID', 'vetoWindowMs', { vetoWindowMs: 2_147_483_647 }],
  ])('are refused as %s for their %s: %j', async (code, field, more) => {
    const input = { name: 'Mallory', url: 'https://tool.example/hook', ...more };
    const { data, errors } = await project.ask(subscribe, { input });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ made: { secret: null, problems: [{ code, field }] } });
  });

  it('that were refused were not made', async () => {
    expect((await project.ask('{ eventSubscribers { name } }')).data).toEqual({
      eventSubscribers: [],
    });
  });

  it.each(['pauseSubscriber', 'resumeSubscriber', 'deleteSubscriber'])(
    'that do not exist: %s',
    async (field) => {
      for (const id of ['__proto__', sql, '', '\u0000', 'x'.repeat(100_000)]) {
        const query = `mutation ($id: ID!) { done: ${field}(input: { id: $id }) { problems { code } } }`;
        const { data, errors } = await project.ask(query, { id });
        expect(errors).toBeUndefined();
        expect(data).toEqual({ done: { problems: [{ code: 'NOT_FOUND' }] } });
      }
    },
  );
});
