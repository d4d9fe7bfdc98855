import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { CloudEvent } from 'cloudevents';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { ManualTime } from '../foundation/testing/manual-time.ts';
import { openTestSync, type TestSync } from './testing/open-sync.ts';

const sales = `
tables:
  customer:
    source: { folder: { path: drops, format: csv } }
    columns: { account_value: value }
    watermark: { column: at }
    objective: PT26H
`;
const head = 'id,value,at\n';
const startsAt = '2027-03-01T12:00:00Z';

async function freshnessOf({ sync }: Pick<TestSync, 'sync'>, place = 'sales.customer') {
  const all = await sync.freshness();
  return all.find(({ domain, table }) => `${domain}.${table}` === place);
}

describe('freshness', () => {
  it('is known of every table of every domain', async () => {
    const test = await openTestSync({ declarations: { sales } });
    expect(await test.sync.freshness()).toMatchObject([
      {
        domain: 'identity',
        table: 'customer',
        entities: ['Customer'],
        state: 'LIVE',
        rows: 9,
        lagSeconds: null,
      },
      {
        domain: 'billing',
        table: 'customer',
        entities: ['Customer'],
        state: 'UNSYNCED',
        rows: 0,
        nextRun: null,
      },
      {
        domain: 'sales',
        table: 'customer',
        state: 'NEVER',
        objectiveSeconds: 93_600,
        lastSuccess: null,
        nextRun: new Date('2027-03-02T02:00:00Z'),
        nextRunLocal: '2027-03-02T02:00:00[UTC]',
      },
      { domain: 'billing', table: 'invoice', entities: ['Invoice'], state: 'UNSYNCED' },
    ]);
  });

  it('is told of one domain, and of none that there is not', async () => {
    const { sync } = await openTestSync({ declarations: { sales } });
    expect(await sync.freshness('sales')).toMatchObject([{ domain: 'sales', table: 'customer' }]);
    await expect(sync.freshness('Salse')).rejects.toMatchObject({
      code: 'DOMAIN_UNKNOWN',
      message: 'There is no domain "Salse". Did you mean "sales"?',
    });
  });

  it('is counted from the watermark, and is lost when that is older than the objective', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop(
      'drops/1.csv',
      `${head}C1,1,2027-03-01T11:00:00Z\nC99,1,2027-03-01T11:00:00Z\nC2,x,2027-03-01T10:00:00Z\n`,
    );
    await test.run('sales');
    expect(await freshnessOf(test)).toMatchObject({
      state: 'FRESH',
      watermark: new Date('2027-03-01T11:00:00Z'),
      lagSeconds: 3_600,
      rows: 1,
      quarantined: 2,
      lastError: null,
    });
    await test.time.advance(25 * 3_600_000);
    expect(await freshnessOf(test)).toMatchObject({ state: 'FRESH', lagSeconds: 26 * 3_600 });
    await test.time.advance(1_000);
    expect(await freshnessOf(test)).toMatchObject({ state: 'STALE' });
    // A folder without a new file makes nothing any younger.
    await test.run('sales');
    expect(await freshnessOf(test)).toMatchObject({
      state: 'STALE',
      lastSuccess: new Date(startsAt),
    });
  });

  it('is counted from the last success where there is no watermark', async () => {
    const declarations = { sales: sales.replace('watermark: { column: at }', '') };
    const test = await openTestSync({ declarations });
    test.drop('drops/1.csv', `${head}C1,1,\n`);
    await test.run('sales');
    await test.time.advance(60_000);
    expect(await freshnessOf(test)).toMatchObject({
      watermark: null,
      lagSeconds: 60,
      state: 'FRESH',
    });
  });

  it('tells why the last run failed, until one succeeds', async () => {
    const test = await openTestSync({ declarations: { sales } });
    test.drop('drops/1.csv', '\n');
    const { error } = await test.run('sales');
    expect(await freshnessOf(test)).toMatchObject({ state: 'NEVER', lastError: error });
    test.drop('drops/1.csv', head);
    await test.run('sales');
    expect(await freshnessOf(test)).toMatchObject({ lastError: null, state: 'FRESH' });
  });
});

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;

async function startReceiver(statuses: number[] = []) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body });
      response.writeHead(statuses.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts` };
}

describe('an alert', () => {
  it('is given once when a table breaks its objective and once when it keeps to it again, also over a restart', async () => {
    const { received, url } = await startReceiver([500]);
    // What checks a signature looks at the real clock.
    const time = new ManualTime(new Date());
    const told: string[] = [];
    const options = {
      onBroken: ({ table }: { table: string }) => told.push(`broken ${table}`),
      onRestored: ({ table }: { table: string }) => told.push(`restored ${table}`),
    };
    const settings = { alert: { url, secret } };
    const test = await openTestSync({ declarations: { sales }, time, settings, options });
    const ago = (hours: number): string =>
      new Date(time.now().getTime() - hours * 3_600_000).toISOString();
    const begin = time.now().getTime();
    test.drop('drops/1.csv', `${head}C1,1,${ago(27)}\n`);
    await test.run('sales');
    await test.sync.start();
    await time.until(() => received.length === 2, 1_000);
    await time.advance(300_000);
    await test.sync.stop();
    const again = test.restart();
    await again.start();
    await time.advance(300_000);
    expect(told).toEqual(['broken customer']);
    test.drop('drops/2.csv', `${head}C1,2,${ago(0)}\n`);
    await test.run('sales').catch(() => undefined);
    await again.runNow({ domain: 'sales' });
    await time.until(() => received.length === 3, 1_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await time.advance(300_000);
    expect(told).toEqual(['broken customer', 'restored customer']);
    const events = received.map(({ headers, body }) => {
      // The signature is that of an independent implementation; the time is ours, so its tolerance is left out.
      expect(Math.abs(Number(headers['webhook-timestamp']) * 1_000 - begin)).toBeLessThan(
        3_600_000,
      );
      const signature = new Webhook(secret).sign(
        headers['webhook-id'] ?? '',
        new Date(Number(headers['webhook-timestamp']) * 1_000),
        body,
      );
      expect(headers['webhook-signature']).toBe(signature);
      return new CloudEvent(JSON.parse(body) as object);
    });
    expect(events.map(({ id }) => id)[0]).toBe(events[1]?.id);
    expect(events.map(({ type, source, subject }) => [type, source, subject])).toEqual([
      ['DomainStale', '/sync/sales', 'sales.customer'],
      ['DomainStale', '/sync/sales', 'sales.customer'],
      ['DomainFresh', '/sync/sales', 'sales.customer'],
    ]);
    expect(events[0]?.data).toMatchObject({ state: 'STALE', objectiveSeconds: 93_600 });
  });

  it('is given of a table that was never synced when that fails', async () => {
    const told: unknown[] = [];
    const options = { onBroken: (freshness: unknown) => told.push(freshness) };
    const test = await openTestSync({ declarations: { sales }, options });
    await test.sync.start();
    await test.time.advance(120_000);
    expect(told).toEqual([]);
    test.drop('drops/1.csv', '\n');
    await test.run('sales');
    await test.time.until(() => told.length === 1, 1_000);
    expect(told).toMatchObject([{ state: 'NEVER', lastError: expect.stringContaining('1.csv') }]);
  });

  it('that nobody takes is given up, and nothing else stops', async () => {
    const options = {};
    const settings = { alert: { url: 'http://127.0.0.1:1/', secret } };
    const test = await openTestSync({ declarations: { sales }, options, settings });
    test.drop('drops/1.csv', `${head}C1,1,2027-01-01\n`);
    await test.run('sales');
    await test.sync.start();
    await test.time.advance(7_200_000);
    expect(await freshnessOf(test)).toMatchObject({ state: 'STALE' });
  });
});
