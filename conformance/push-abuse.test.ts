import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { abusedProject, sql, type Json } from './testing/abused-project.ts';

const { ask, countOf, port, post, sendHalf } = abusedProject();

const ndjson = { 'content-type': 'application/x-ndjson' };
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
      'PUSH_TOO_DENSE',
    ],
    [
      'millions of blank lines',
      '/sync/billing',
      row('A') + '\n'.repeat(3_900_000),
      ndjson,
      422,
      'SYNC_PUSH_INVALID',
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
      const socket = connect(port(), '127.0.0.1', () => {
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
      expect((await ask(query, { id: `T${place}` })).data).toEqual({ order: { note } });
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
    const { data } = await ask(
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
