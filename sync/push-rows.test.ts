import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { sql } from '../lake/sql.ts';
import { openTestSync, type TestSync } from './testing/open-sync.ts';

const declarations = {
  sales: `
tables:
  customer:
    source: { push: true }
    columns: { account_value: value }
    watermark: { column: at }
    tombstone: { column: deletedAt }
`,
  billing: `
tables:
  customer: { source: { push: true } }
  invoice: { source: { push: true } }
`,
};

const origin = { actor: 'crm', source: '/sync/sales', cause: 'request-1' };

function push(
  { sync }: Pick<TestSync, 'sync'>,
  body: Readable | string,
  more: Partial<Parameters<TestSync['sync']['push']>[0]> = {},
) {
  const signal = new AbortController().signal;
  const stream = typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body;
  return sync.push({ domain: 'sales', mode: 'delta', body: stream, origin, signal, ...more });
}

async function refusalOf(work: Promise<unknown>): Promise<TributaryError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TributaryError) return error;
  throw new Error(`A refusal was expected, and there was ${String(error)}.`);
}

const row = (id: string, value = 1, at = '2027-01-01T00:00:00Z') =>
  JSON.stringify({ id, value, at });
const rowsOf = ({ rows }: TestSync) =>
  rows(sql`SELECT id, account_value FROM sales.customer ORDER BY id`);

async function leftBehind({ lake }: TestSync) {
  const { columns } = await lake.write((tx) =>
    tx.read(sql`SELECT count(*) FROM duckdb_tables() WHERE temporary`),
  );
  return columns[0]?.[0];
}

describe('rows that a tool pushes', () => {
  it('are taken over, with the tool as their origin', async () => {
    const test = await openTestSync({ declarations });
    const report = await push(test, `${row('C1', 10.5)}\n\r\n${row('C2')}\r\n${row('C77')}`);
    expect(report).toMatchObject({
      state: 'SUCCEEDED',
      rowsRead: 3,
      inserted: 2,
      waiting: 1,
      table: 'customer',
    });
    expect(await rowsOf(test)).toEqual([
      ['C1', '10.50'],
      ['C2', '1.00'],
    ]);
    const log = sql`SELECT DISTINCT actor, source, cause FROM ledger.change WHERE domain = 'sales'`;
    expect(await test.rows(log)).toEqual([['crm', '/sync/sales', 'request-1']]);
    const gone = JSON.stringify({ id: 'C2', at: '2027-01-02', deletedAt: '2027-01-02' });
    expect(await push(test, `${gone}\n${row('C1', 10.5)}\n`)).toMatchObject({
      deleted: 1,
      unchanged: 1,
    });
    expect(await leftBehind(test)).toBe(0n);
  });

  it('are nothing when there are none', async () => {
    const test = await openTestSync({ declarations });
    expect(await push(test, '')).toMatchObject({ state: 'SUCCEEDED', rowsRead: 0 });
  });

  it('may be all that there are', async () => {
    const test = await openTestSync({ declarations });
    await push(test, `${row('C1')}\n${row('C2')}\n`);
    expect(await push(test, row('C1'), { mode: 'snapshot' })).toMatchObject({
      deleted: 1,
      unchanged: 1,
    });
    // An empty body is rather a mistake of the tool than the end of all its customers.
    expect(await push(test, '', { mode: 'snapshot' })).toMatchObject({
      state: 'REFUSED',
      deleted: 0,
    });
    expect(await rowsOf(test)).toEqual([['C1', '1.00']]);
  });

  it('are kept as a whole or not at all: bad lines are told by their numbers', async () => {
    const test = await openTestSync({ declarations });
    const lines = [row('C1'), '{"id":', '[]', 'null', row('C2'), '{"id":"C3"} x'];
    const error = await refusalOf(push(test, lines.join('\n')));
    expect(error).toMatchObject({ code: 'SYNC_PUSH_INVALID', status: 422 });
    expect(error.message).toBe(
      'The rows cannot be read. Line 2 is no JSON. Line 3 is no JSON object. Line 4 is no JSON object. Line 6 is no JSON.',
    );
    const many = await refusalOf(push(test, 'x\n'.repeat(1_000)));
    expect(many.message.match(/Line/g)).toHaveLength(20);
    const bytes = await refusalOf(
      push(test, Readable.from([Buffer.from([0x7b, 0xff, 0x7d, 0x0a])])),
    );
    expect(bytes.message).toContain('Line 1 is not UTF-8.');
    const long = await refusalOf(push(test, `${row('C1')}\n{"id":"${'x'.repeat(1_048_576)}"}\n`));
    expect(long.message).toContain('Line 2 has more than 1048576 bytes.');
    const halved = await refusalOf(
      push(test, `${row('C1')}\n{"id":"\\ud83d"}\n{"id":"\\ud83d\\ude00 \\\\ud83d"}\n`),
    );
    expect(halved.message).toBe('The rows cannot be read. Line 2 has half a character.');
    expect(await rowsOf(test)).toEqual([]);
    expect(await leftBehind(test)).toBe(0n);
  });

  it('that are bad and late are of no use where a newer state is in the lake, waits, or was removed', async () => {
    const sales = `${declarations.sales}    threshold: 10\n`;
    const test = await openTestSync({ declarations: { ...declarations, sales } });
    const gone = JSON.stringify({ id: 'C3', at: '2027-01-03', deletedAt: '2027-01-03' });
    await push(test, [row('C1', 1, '2027-01-03'), row('C77', 1, '2027-01-03'), gone].join('\n'));
    const bad = (id: string, at: string): string => JSON.stringify({ id, value: 'many', at });
    const late = ['C1', 'C77', 'C3', 'C4'].map((id) => bad(id, '2027-01-02'));
    expect(await push(test, late.join('\n'))).toMatchObject({ state: 'SUCCEEDED' });
    const kept = sql`SELECT "key" FROM quarantine."row" WHERE kind = 'BAD' ORDER BY "key"`;
    expect(await test.rows(kept)).toEqual([['C4']]);
    await push(test, ['C1', 'C77', 'C3'].map((id) => bad(id, '2027-01-04')).join('\n'));
    expect(await test.rows(kept)).toEqual([['C1'], ['C3'], ['C4'], ['C77']]);
  });

  it('may be nested as deep as a line is long, and name things that other languages take for more', async () => {
    const test = await openTestSync({ declarations });
    const deep = `{"id":"C1","at":"2027-01-01","more":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const odd =
      '{"id":"C2","at":"2027-01-01","__proto__":{"id":"C3"},"constructor":1,"value":"1\'); DROP TABLE x; --"}';
    expect(await push(test, `${deep}\n${odd}\n`)).toMatchObject({
      state: 'SUCCEEDED',
      inserted: 1,
      quarantined: 1,
    });
  });

  it('are refused as a whole when too many of them are bad', async () => {
    const test = await openTestSync({ declarations });
    const report = await push(test, `${row('C1')}\n{"id":"C2"}\n{"id":"C3"}\n`);
    expect(report).toMatchObject({ state: 'REFUSED', inserted: 0, quarantined: 0 });
    expect(report.error).toContain(
      '2 of 3 rows are bad, and 50% at most may be. By rule: 2 of "watermark". The first: C2: at is missing; C3: at is missing.',
    );
    expect(await rowsOf(test)).toEqual([]);
  });

  it('are nothing when they break off, however that happens', async () => {
    const test = await openTestSync({ declarations });
    const broken = new Readable({ read() {} });
    broken.push(`${row('C1')}\n`);
    const first = push(test, broken);
    setImmediate(() => broken.destroy());
    expect(await refusalOf(first)).toMatchObject({ code: 'SYNC_PUSH_BROKEN_OFF', status: 400 });

    const stalled = new Readable({ read() {} });
    stalled.push(`${row('C1')}\n`);
    const controller = new AbortController();
    const second = push(test, stalled, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    expect(await refusalOf(second)).toMatchObject({ code: 'SYNC_PUSH_BROKEN_OFF' });

    // What the front door has against a body is told as it is.
    const large = new Readable({ read() {} });
    const third = push(test, large);
    large.destroy(raise('PUSH_TOO_LARGE', { limitBytes: 10 }));
    expect(await refusalOf(third)).toMatchObject({ code: 'PUSH_TOO_LARGE' });
    expect(await rowsOf(test)).toEqual([]);
    expect(await leftBehind(test)).toBe(0n);
  });

  it('are nothing when the connection is cut in the middle of them', async () => {
    const test = await openTestSync({ declarations });
    const outcome = new Promise<TributaryError>((resolve, reject) => {
      const server = createServer((incoming) => {
        refusalOf(push(test, incoming)).then(resolve, reject);
      });
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        const outgoing = request({
          port,
          method: 'POST',
          host: '127.0.0.1',
          headers: { 'content-length': '1000' },
        });
        outgoing.on('error', () => undefined);
        outgoing.write(`${row('C1')}\n${row('C2')}\n`, () =>
          setTimeout(() => outgoing.destroy(), 50),
        );
      });
      onTestFinished(() => void server.close());
    });
    expect(await outcome).toMatchObject({ code: 'SYNC_PUSH_BROKEN_OFF' });
    expect(await rowsOf(test)).toEqual([]);
  });

  it('are read no faster than they are staged', async () => {
    const test = await openTestSync({ declarations });
    let made = 0;
    const body = Readable.from(
      (function* () {
        for (; made < 100_000; made++) yield `${row(`C${made}`)}\n`;
      })(),
    );
    // The writer is busy, so nothing is staged.
    let release = (): void => undefined;
    const busy = test.lake.write(() => new Promise<void>((resolve) => (release = resolve)));
    const pushed = push(test, body);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(made).toBeLessThan(50_000);
    release();
    await busy;
    expect(await pushed).toMatchObject({ rowsRead: 100_000, inserted: 9 });
  });

  it('come from a few tools at once', async () => {
    const test = await openTestSync({ declarations, settings: { maxPushes: 2 } });
    const bodies = [new Readable({ read() {} }), new Readable({ read() {} })];
    const pushes = bodies.map((body) => push(test, body));
    expect(await refusalOf(push(test, row('C3')))).toMatchObject({
      code: 'SYNC_PUSH_BUSY',
      status: 503,
    });
    bodies.forEach((body, n) => {
      body.push(row(`C${n + 1}`));
      body.push(null);
    });
    for (const report of await Promise.all(pushes))
      expect(report).toMatchObject({ state: 'SUCCEEDED', inserted: 1 });
    expect(await push(test, row('C3'))).toMatchObject({ inserted: 1 });
  });

  it.each([
    ['nowhere', undefined, 'SYNC_PUSH_UNKNOWN', 404, /No table of nowhere takes pushed rows/],
    ['salse', undefined, 'SYNC_PUSH_UNKNOWN', 404, /Did you mean "sales"/],
    ['sales', 'custmer', 'SYNC_PUSH_UNKNOWN', 404, /Did you mean "customer"/],
    ['billing', undefined, 'SYNC_PUSH_AMBIGUOUS', 400, /customer, invoice/],
  ])('for %s and the table %s are refused', async (domain, table, code, status, message) => {
    const test = await openTestSync({ declarations });
    const error = await refusalOf(push(test, row('C1'), { domain, table }));
    expect(error).toMatchObject({ code, status });
    expect(error.message).toMatch(message);
  });

  it('go to the table that is named, in whichever spelling', async () => {
    const test = await openTestSync({ declarations });
    const report = await push(test, '{"id":"C1","vat_number":"DE1"}', {
      domain: 'billing',
      table: 'Customer',
    });
    expect(report).toMatchObject({ state: 'SUCCEEDED', table: 'customer', inserted: 1 });
  });
});
