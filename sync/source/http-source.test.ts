import { describe, expect, it } from 'vitest';
import { sql } from '../../lake/sql.ts';
import { openTestSync, type TestSync } from '../testing/open-sync.ts';
import { answerJson, startApi, type TestApi } from '../testing/start-api.ts';

function open(api: TestApi, source = '', more = ''): Promise<TestSync> {
  const sales = `
tables:
  customer:
    source:
      http: { url: '\${env.SALES_URL}/customers?active=1', headers: { authorization: 'Bearer \${env.TOKEN}' }, since: updatedSince ${source} }
    columns: { account_value: value }
    watermark: { column: at, overlap: PT1M }
    ${more}
`;
  return openTestSync({
    declarations: { sales },
    environment: { SALES_URL: api.url, TOKEN: 's3cret' },
  });
}

const row = (id: string, value: unknown = 1, at = '2027-01-01T10:00:00Z') => ({ id, value, at });

const idsOf = async ({ rows }: TestSync) =>
  (await rows(sql`SELECT id FROM sales.customer ORDER BY id`)).map(([id]) => id);

describe('an HTTP source', () => {
  it('is asked for what came since the last watermark, less the overlap', async () => {
    const api = await startApi((_, response) => answerJson(response, [row('C1'), row('C2')]));
    const test = await open(api);
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', rowsRead: 2, inserted: 2 });
    expect(await test.run('sales')).toMatchObject({ rowsRead: 2, unchanged: 2 });
    expect(await test.run('sales', 'customer', 'snapshot')).toMatchObject({ unchanged: 2 });
    expect(api.requests.map(({ url }) => url.search)).toEqual([
      '?active=1',
      '?active=1&updatedSince=2027-01-01T09%3A59%3A00.000Z',
      '?active=1',
    ]);
    expect(api.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      accept: 'application/json',
    });
  });

  it('gives pages by cursor until there is no next one', async () => {
    const api = await startApi(({ url }, response) => {
      const cursor = url.searchParams.get('cursor');
      const pages: Record<string, unknown> = {
        null: { data: { items: [row('C1')] }, meta: { next: 'b=2' } },
        'b=2': { data: { items: [] }, meta: { next: 3 } },
        3: { data: { items: [row('C3')] }, meta: { next: null } },
      };
      answerJson(response, pages[String(cursor)]);
    });
    const test = await open(
      api,
      ', rows: data.items, page: { kind: cursor, parameter: cursor, nextCursor: $.meta.next, size: 100 }',
    );
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 2 });
    expect(api.requests.map(({ url }) => url.searchParams.get('limit'))).toEqual([
      '100',
      '100',
      '100',
    ]);
  });

  it('gives pages by number until one is not full', async () => {
    const api = await startApi(({ url }, response) => {
      const page = Number(url.searchParams.get('page'));
      answerJson(response, {
        rows: page === 2 ? [row('C5')] : [row(`C${page * 2 + 1}`), row(`C${page * 2 + 2}`)],
      });
    });
    const test = await open(
      api,
      ', rows: rows, page: { kind: number, parameter: page, first: 0, size: 2, sizeParameter: per }',
    );
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 5 });
    expect(api.requests).toHaveLength(3);
  });

  it('gives pages by links', async () => {
    const api = await startApi(({ url }, response) => {
      const page = Number(url.searchParams.get('p') ?? 1);
      if (page < 3)
        response.setHeader(
          'link',
          `</customers?p=1>; rel="first", <${url.pathname}?p=${page + 1}>; title="a, b"; rel=next`,
        );
      answerJson(response, [row(`C${page}`)]);
    });
    const test = await open(api, ', page: { kind: link }');
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 3 });
  });

  it('that is busy or in trouble is asked again', async () => {
    const statuses = [503, 429, 500];
    const api = await startApi((_, response) => {
      const status = statuses.shift();
      if (status === undefined) return answerJson(response, [row('C1')]);
      response.writeHead(status, status === 429 ? { 'retry-after': '7' } : {}).end('no');
    });
    const test = await open(api);
    const began = test.time.monotonicMs();
    expect(await test.run('sales')).toMatchObject({ state: 'SUCCEEDED', inserted: 1 });
    expect(test.time.monotonicMs() - began).toBeGreaterThanOrEqual(500 + 7_000 + 8_000);
  });

  it('keeps all digits of its numbers', async () => {
    const api = await startApi((_, response) =>
      response.end('[{"id":"C1","value":1234567890123456.78,"at":"2027-01-01"}]'),
    );
    const test = await open(api);
    await test.run('sales');
    expect(await test.rows(sql`SELECT account_value FROM sales.customer`)).toEqual([
      ['1234567890123456.78'],
    ]);
  });

  const tooLarge = `[${JSON.stringify('x'.repeat(1_000_000))}`;
  it.each<readonly [string, TestApi['answer'], string, RegExp]>([
    [
      'goes on being in trouble',
      (_, response) => response.writeHead(500).end(),
      '',
      /refuses to give rows: it answers with the status 500/,
    ],
    [
      'does not let us in',
      (_, response) => response.writeHead(401).end(),
      '',
      /with the status 401/,
    ],
    [
      'leads elsewhere',
      (_, response) => response.writeHead(302, { location: '/login' }).end(),
      '',
      /with the status 302/,
    ],
    [
      'gives no JSON',
      (_, response) => response.end('<html>'),
      '',
      /an answer is no JSON: "<html>"/,
    ],
    [
      'gives half an answer',
      (_, response) =>
        response.writeHead(200, { 'content-length': '100' }).write('[', () => response.destroy()),
      '',
      /does not answer: (aborted|.*broke off)/,
    ],
    ['hangs up', (_, response) => response.destroy(), '', /does not answer/],
    [
      'does not answer',
      () => undefined,
      ', timeoutMs: 5000',
      /does not answer: it took longer than 5000 ms/,
    ],
    [
      'has its rows elsewhere',
      (_, response) => answerJson(response, { items: [] }),
      ', rows: data.items',
      /data\.items is no list/,
    ],
    [
      'gives rows that are none',
      (_, response) => answerJson(response, [row('C1'), 'C2']),
      '',
      /item 2 of the answer is no object/,
    ],
    [
      'gives half a character',
      (_, response) => response.end('[{"id":"\\ud83d"}]'),
      '',
      /item 1 of the answer has half a character/,
    ],
    [
      'gives the same cursor again',
      (_, response) => answerJson(response, { rows: [], next: 'x' }),
      ', rows: rows, page: { kind: cursor, parameter: c, nextCursor: next }',
      /go round in circles/,
    ],
    [
      'gives the same page again',
      (_, response) => answerJson(response, [row('C1')]),
      ', page: { kind: number, parameter: page }',
      /pages in a row, 1 and 2, have the same rows/,
    ],
    [
      'gives a cursor that is none',
      (_, response) => answerJson(response, { rows: [], next: {} }),
      ', rows: rows, page: { kind: cursor, parameter: c, nextCursor: next }',
      /next is neither a text nor a number/,
    ],
    [
      'links to another server',
      (_, response) => {
        response.setHeader('link', '<http://example.com/>; rel=next');
        answerJson(response, []);
      },
      ', page: { kind: link }',
      /leads to another server, http:\/\/example\.com/,
    ],
    [
      'never ends',
      (_, response) => {
        const more = (): void => {
          if (response.writable) response.write(tooLarge, more);
        };
        more();
      },
      '',
      /more than 67108864 bytes/,
    ],
  ])(
    'that %s fails the run clearly, and nothing of it is kept',
    async (_title, answer, source, problem) => {
      const api = await startApi(answer);
      const test = await open(api, source);
      const { state, error, rowsRead } = await test.run('sales');
      expect({ state, rowsRead }).toEqual({ state: 'FAILED', rowsRead: 0 });
      expect(error).toMatch(problem);
      expect(error).not.toMatch(/s3cret|active/);
      expect(await idsOf(test)).toEqual([]);
      const left = await test.lake.write((tx) =>
        tx.read(sql`SELECT count(*) FROM duckdb_tables() WHERE temporary`),
      );
      expect(left.columns).toEqual([[0n]]);
    },
  );

  it('that nobody serves fails the run', async () => {
    const test = await open({ url: 'http://127.0.0.1:1', requests: [], answer: () => undefined });
    expect((await test.run('sales')).error).toMatch(/does not answer: .*ECONNREFUSED/);
  });
});
