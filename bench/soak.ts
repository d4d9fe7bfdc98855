import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { customerId } from '../seed/customer-number.ts';
import { askAliases, askConnection, askFiltered, askPoint, askSingle } from './ask-graphql.ts';
import { graphqlPath } from './contenders.ts';
import { prepareDataSet } from './data-set.ts';
import { HttpConnection } from './measure/http-connection.ts';
import { readUsage } from './measure/process-usage.ts';
import { pageSize } from './questions.ts';
import { describeMachine } from './report/describe-machine.ts';
import { formatMebibytes, formatTable } from './report/format.ts';
import { serve, type ServerProcess } from './server-process.ts';

/**
 * A server with its defaults under mixed load for a long time: whether its memory stays where it is. Besides questions
 * that it answers it gets what is refused, texts that nobody asked before, changes, and clients that hang up.
 */
interface Flags {
  readonly minutes: number;
  readonly requests: number;
  readonly customers: number;
  readonly out: string;
}

interface Sample {
  readonly requests: number;
  readonly minutes: number;
  readonly residentBytes: number;
  /** Of it what JavaScript has reserved, and what the caches say that they hold. */
  readonly heapBytes: number;
  readonly cacheBytes: number;
}

const concurrency = 16;
const hotCustomers = 100;
const firstMark = 100_000;
const most = 1.1;

await new Command('soak')
  .description('Mixed load for a long time, to see whether memory stays where it is.')
  .option('--minutes <number>', 'at least so long', Number, 10)
  .option('--requests <number>', 'at least so many requests', Number, 1_000_000)
  .option('--customers <number>', 'size of the data set', Number, 100_000)
  .option('--out <file>', 'where to write the results', 'bench/SOAK.md')
  .action(soak)
  .parseAsync();

async function soak({ minutes, requests, customers, out }: Flags): Promise<void> {
  const dataSet = await prepareDataSet(customers, false);
  const server = await serve(dataSet.copies);
  try {
    const samples = await run(server, { minutes, requests, customers, out });
    const report = reportOf(samples, customers);
    await writeFile(out, report);
    process.stdout.write(report);
  } finally {
    await server.stop();
    await dataSet.removeCopies();
  }
}

async function run(
  { port, pid }: ServerProcess,
  { minutes, requests, customers }: Flags,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const startedMs = performance.now();
  let done = 0;
  const elapsedMinutes = (): number => (performance.now() - startedMs) / 60_000;
  const isOver = (): boolean => done >= requests && elapsedMinutes() >= minutes;
  const take = async (): Promise<void> => {
    const sample = { requests: done, minutes: elapsedMinutes() };
    const { residentBytes } = readUsage([pid]);
    samples.push({ ...sample, residentBytes, ...(await readParts(port)) });
  };
  const ask = async (lane: number): Promise<void> => {
    let connection = await HttpConnection.open(port);
    for (let turn = lane; !isOver(); turn += concurrency) {
      const answer = connection.ask(graphqlPath, bodyOf(turn, customers));
      if (turn % 997 === 0) {
        // Nobody waits for this one.
        answer.catch(() => {});
        connection.close();
        connection = await HttpConnection.open(port);
      } else {
        const { status, body } = await answer;
        if (status >= 500) throw new Error(`Status ${status}: ${body.slice(0, 500)}`);
      }
      done++;
      if (done === firstMark) await take();
    }
    connection.close();
  };
  const sampling = (async () => {
    while (!isOver()) {
      await take();
      process.stderr.write(`${done} requests, ${elapsedMinutes().toFixed(1)} minutes\n`);
      await wait(10_000);
    }
  })();
  await Promise.all([...Array.from({ length: concurrency }, (_, lane) => ask(lane)), sampling]);
  await take();
  return samples;
}

/** From the server's own metrics. */
async function readParts(port: number): Promise<Pick<Sample, 'heapBytes' | 'cacheBytes'>> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const sum = (name: string): number =>
    [...page.matchAll(new RegExp(String.raw`^${name}(?:\{.*\})? (\S+)$`, 'gm'))]
      .map(([, value]) => Number(value))
      .reduce((total, value) => total + value, 0);
  return {
    heapBytes: sum('nodejs_heap_size_total_bytes') + sum('nodejs_external_memory_bytes'),
    cacheBytes: sum('tributary_cache_bytes'),
  };
}

/** What comes how often is the same in every run. */
function bodyOf(turn: number, customers: number): string {
  const number = (turn * 7_919) % (customers - pageSize);
  const kind = (turn * 31) % 100;
  if (kind < 40) return askPoint(number);
  if (kind < 70) return askPoint(number % hotCustomers);
  if (kind < 80) return askSingle(number);
  if (kind < 82) return askConnection(number);
  if (kind < 83) return askAliases(number);
  if (kind < 84) return turn % 10 === 0 ? askFiltered(number) : askPoint(number);
  if (kind < 85) return change(number, turn);
  if (kind < 91) return askPoint(number % hotCustomers);
  if (kind < 94) return JSON.stringify({ query: `{ nothing${turn % 1_000} }` });
  if (kind < 95) return JSON.stringify({ query: '{ customer(id: ' });
  // Of a client that writes its values into the text.
  return JSON.stringify({
    query: `{ customer(id: "${customerId(number + 1)}") { name salesRep } }`,
  });
}

function change(number: number, turn: number): string {
  const query =
    'mutation Change($id: ID!, $name: String!) { updateCustomer(input: { id: $id, name: $name }) { errors { code } } }';
  return JSON.stringify({
    query,
    variables: { id: customerId((number % hotCustomers) + 1), name: `Name ${turn}` },
  });
}

function reportOf(samples: readonly Sample[], customers: number): string {
  const first = samples.find(({ requests }) => requests >= firstMark);
  const last = samples.at(-1);
  const ratio = (last?.residentBytes ?? Number.NaN) / (first?.residentBytes ?? Number.NaN);
  const rows = samples.filter(
    (sample, index) => index % 6 === 0 || sample === first || sample === last,
  );
  return [
    '# Soak',
    '',
    `Written by \`npm run soak\` on ${new Date().toISOString().slice(0, 10)}: ${describeMachine()}.`,
    `${customers.toLocaleString('en')} customers, ${concurrency} connections, \`tributary serve\` with its defaults. Of 100 requests 77 are points (36 of`,
    `${hotCustomers} customers), 10 points of one domain, 2 pages of ${pageSize}, one of 20 aliases, one a change, 4 are refused, 5 are texts that`,
    'nobody asked before; one in 1,000 clients hangs up.',
    '',
    `Memory after ${last?.requests.toLocaleString('en')} requests is **${ratio.toFixed(2)} times** that after ${first?.requests.toLocaleString('en')}; at most ${most} was promised: ${ratio <= most ? 'met' : '**not met**'}.`,
    '',
    ...formatTable(
      ['minutes', 'requests', 'resident', "of it JavaScript's", 'in caches'],
      rows.map(({ minutes, requests, residentBytes, heapBytes, cacheBytes }) => [
        minutes.toFixed(1),
        requests.toLocaleString('en'),
        formatMebibytes(residentBytes),
        formatMebibytes(heapBytes),
        formatMebibytes(cacheBytes),
      ]),
    ),
    '',
  ].join('\n');
}
