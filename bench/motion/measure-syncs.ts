import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { customerId } from '../../seed/customer-number.ts';
import { askPoint } from '../ask-graphql.ts';
import { graphqlPath } from '../contenders.ts';
import type { DataSet } from '../data-set.ts';
import { HttpConnection } from '../measure/http-connection.ts';
import { readPeakResidentBytes } from '../measure/process-usage.ts';
import { runLoad } from '../measure/run-load.ts';
import { startServerProcess, tributary } from '../server-process.ts';
import { emptyDomains } from './empty-domains.ts';
import { makeMotionProject } from './motion-project.ts';

/** Rows of a domain on their way into a server that answers questions meanwhile. */
export interface SyncsResult {
  readonly firstLoadRows: number;
  /** Dropped as a CSV file, from the demand to run until it is over. */
  readonly folderFirstLoadMs: number;
  /** Pushed as NDJSON. */
  readonly pushFirstLoadMs: number;
  readonly deltaRows: number;
  readonly pushDeltaMs: number;
  readonly folderDeltaMs: number;
  /** Of points by key, four at a time, before and while the first load by folder runs. */
  readonly quietP99Ms: number;
  readonly loadedP99Ms: number;
  readonly quietP50Ms: number;
  readonly loadedP50Ms: number;
  readonly peakResidentBytes: number;
}

const readers = 4;
const deltaRows = 10_000;

export async function measureSyncs({ copies, customers }: DataSet): Promise<SyncsResult> {
  const project = await makeMotionProject();
  const directory = await copies.next();
  await emptyDomains(directory, ['sales.customer', 'support.customer']);
  const command = [...tributary, 'serve', '--port', '0', '--project', project.directory];
  const server = await startServerProcess([...command, '--data', directory]);
  const { port, pid } = server;
  const load = (durationMs: number) =>
    runLoad({
      port,
      path: graphqlPath,
      nextBody: () => askPoint(Math.floor(Math.random() * customers)),
      concurrency: readers,
      durationMs,
      pids: [pid],
    });
  try {
    await load(2_000);
    const quiet = await load(8_000);
    await dropFile(project.drops, '1.csv', rowsOf(customers, 1));
    const folderLoad = timed(() => runFolder(port, 'support'));
    const busy = await untilDone(folderLoad, () => load(1_000));
    const folderFirstLoadMs = await folderLoad;
    const pushFirstLoadMs = await timed(() => push(port, salesRows(customers, 1)));
    const pushDeltaMs = await timed(() => push(port, sample(customers, salesRow, 2)));
    await dropFile(project.drops, '2.csv', csvOf(sample(customers, supportRow, 2)));
    const folderDeltaMs = await timed(() => runFolder(port, 'support'));
    return {
      firstLoadRows: customers,
      folderFirstLoadMs,
      pushFirstLoadMs,
      deltaRows,
      pushDeltaMs,
      folderDeltaMs,
      quietP50Ms: quiet.p50Ms,
      quietP99Ms: quiet.p99Ms,
      loadedP50Ms: middle(busy.map(({ p50Ms }) => p50Ms)),
      loadedP99Ms: middle(busy.map(({ p99Ms }) => p99Ms)),
      peakResidentBytes: readPeakResidentBytes(pid),
    };
  } finally {
    await server.stop();
    await rm(project.directory, { recursive: true, force: true });
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function untilDone<Result>(
  done: Promise<unknown>,
  work: () => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const over = done.then(() => true);
  const isOver = (): Promise<boolean> => Promise.race([over, Promise.resolve(false)]);
  while (!(await isOver())) results.push(await work());
  return results;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Runs the sync and waits until it is over, which may be after the answer. */
async function runFolder(port: number, domain: string): Promise<void> {
  const connection = await HttpConnection.open(port);
  const ask = async (query: string): Promise<string> => {
    const { status, body } = await connection.ask(graphqlPath, JSON.stringify({ query }));
    if (status !== 200 || body.includes('"errors":[')) throw new Error(body.slice(0, 500));
    return body;
  };
  const lastSuccess = `{ freshness(domain: "${domain}") { lastSuccess lastError } }`;
  try {
    const before = await ask(lastSuccess);
    await ask(
      `mutation { runSync(input: { domain: "${domain}" }) { runs { state error } problems { code message } } }`,
    );
    while ((await ask(lastSuccess)) === before) await wait(50);
  } finally {
    connection.close();
  }
}

async function dropFile(folder: string, name: string, lines: Iterable<string>): Promise<void> {
  const part = join(folder, `${name}.part`);
  await pipeline(Readable.from(lines), createWriteStream(part));
  await rename(part, join(folder, name));
  // Files count as complete when they have rested for a moment.
  await wait(2_500);
}

async function push(port: number, lines: Iterable<string>): Promise<void> {
  const outgoing = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/sync/sales',
    headers: { 'content-type': 'application/x-ndjson' },
  });
  const answered = new Promise<void>((resolve, reject) => {
    outgoing.on('error', reject).on('response', (response) => {
      let body = '';
      response
        .setEncoding('utf8')
        .on('data', (text: string) => (body += text))
        .on('end', () =>
          response.statusCode === 200 && body.includes('"SUCCEEDED"')
            ? resolve()
            : reject(new Error(`${response.statusCode}: ${body.slice(0, 500)}`)),
        );
    });
  });
  await pipeline(Readable.from(batches(lines)), outgoing);
  await finished(outgoing, { readable: false });
  await answered;
}

/** Whole chunks instead of single lines: the pusher should not be what is measured. */
function* batches(lines: Iterable<string>): Generator<string> {
  let batch = '';
  for (const line of lines) {
    batch += line;
    if (batch.length < 65_536) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

function* rowsOf(count: number, watermark: number): Generator<string> {
  yield csvHead;
  for (let number = 1; number <= count; number++) yield csvLine(supportRow(number, watermark));
}

function* salesRows(count: number, watermark: number): Generator<string> {
  for (let number = 1; number <= count; number++)
    yield `${JSON.stringify(salesRow(number, watermark))}\n`;
}

function* sample(
  customers: number,
  rowOf: (number: number, watermark: number) => object,
  watermark: number,
): Generator<string> {
  const numbers = new Set<number>();
  while (numbers.size < Math.min(deltaRows, customers))
    numbers.add(1 + Math.floor(Math.random() * customers));
  for (const number of numbers) yield `${JSON.stringify(rowOf(number, watermark))}\n`;
}

function* csvOf(lines: Iterable<string>): Generator<string> {
  yield csvHead;
  for (const line of lines) yield csvLine(JSON.parse(line) as ReturnType<typeof supportRow>);
}

const csvHead = 'id,support_tier,lifetime_tickets,updated_at\n';

function csvLine(row: ReturnType<typeof supportRow>): string {
  return `${row.id},${row.support_tier},${row.lifetime_tickets},${row.updated_at}\n`;
}

function supportRow(number: number, watermark: number) {
  return {
    id: customerId(number),
    support_tier: number % 2 === 0 ? 'GOLD' : 'BRONZE',
    lifetime_tickets: (number * 7 + watermark) % 1_000,
    updated_at: watermark,
  };
}

function salesRow(number: number, watermark: number) {
  return {
    id: customerId(number),
    account_value: `${(number * 13 + watermark) % 100_000}.50`,
    sales_rep: `Representative ${number % 50}`,
    updated_at: watermark,
  };
}
