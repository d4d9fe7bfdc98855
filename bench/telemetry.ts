import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Command } from 'commander';
import { askConnection, askPoint } from './ask-graphql.ts';
import { graphqlPath } from './contenders.ts';
import { prepareDataSet, type LakeCopies } from './data-set.ts';
import { runLoad } from './measure/run-load.ts';
import { median } from './measure/summary.ts';
import { pageSize, type BodyOf } from './questions.ts';
import {
  startServerProcess,
  tributary,
  type Environment,
  type ServerProcess,
} from './server-process.ts';

/**
 * What it costs that a server tells of itself: CPU time a request of the same server with traces off, sampled by a
 * tenth, and all, which go to a sink in this process. Metrics are always counted; what they cost is told by a build
 * from before they were (`--against`, the folder of a checkout that was built). One after the other, round by round,
 * so that whatever else the machine does falls on all of them.
 */
interface Flags {
  readonly customers: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly against?: string;
  readonly only?: string;
}

interface Way {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Environment;
}

interface Asked {
  readonly name: string;
  readonly body: BodyOf;
  /** Customers that are asked for, from the first on. */
  readonly among: (customers: number) => number;
}

const questions: readonly Asked[] = [
  { name: 'hot (one customer)', body: askPoint, among: () => 1 },
  { name: 'point (any customer)', body: askPoint, among: (customers) => customers },
  { name: 'page of 50', body: askConnection, among: (customers) => customers - pageSize },
];

const write = (line: string): void => void process.stdout.write(`${line}\n`);

await new Command('bench:telemetry')
  .option('--customers <number>', 'size of the data set', Number, 20_000)
  .option('--rounds <number>', 'rounds of each', Number, 5)
  .option('--seconds <number>', 'length of each round', Number, 1)
  .option('--against <folder>', 'a checkout that was built, to be measured as well')
  .option('--only <question>', 'the question whose name begins like this')
  .action(measure)
  .parseAsync();

async function measure({ customers, rounds, seconds, against, only = '' }: Flags): Promise<void> {
  const dataSet = await prepareDataSet(customers, false);
  const sink = await startSink();
  const ways = waysOf(sink.endpoint, against);
  const servers = await startAll(ways, dataSet.copies);
  try {
    write(
      `| CPU ms a request, median of ${rounds} | ${ways.map(({ name }) => name).join(' | ')} |`,
    );
    write(`| --- |${ways.map(() => ' --- |').join('')}`);
    for (const question of questions.filter(({ name }) => name.startsWith(only))) {
      const costs = await measureQuestion(question, servers, { customers, rounds, seconds });
      const [first = Number.NaN] = costs;
      const shown = costs.map((cost) => {
        const more = ((cost / first - 1) * 100).toFixed(1);
        return cost === first ? cost.toFixed(4) : `${cost.toFixed(4)} (${more} %)`;
      });
      write(`| ${question.name} | ${shown.join(' | ')} |`);
    }
    write(`\nThe sink took ${sink.taken()} bytes of traces.`);
  } finally {
    for (const server of servers) await server.stop();
    sink.server.closeAllConnections();
    sink.server.close();
    await dataSet.removeCopies();
  }
}

function waysOf(endpoint: string, against: string | undefined): readonly Way[] {
  const traced = (percent: string) => ({
    TRIBUTARY_TELEMETRY_TRACES: 'true',
    TRIBUTARY_TELEMETRY_ENDPOINT: endpoint,
    TRIBUTARY_TELEMETRY_SAMPLED_PERCENT: percent,
  });
  const [program = ''] = tributary;
  const before = against && { name: 'against', command: [join(against, program)], environment: {} };
  return [
    ...(before ? [before] : []),
    { name: 'traces off', command: tributary, environment: {} },
    { name: 'traces of 10 %', command: tributary, environment: traced('10') },
    { name: 'traces of all', command: tributary, environment: traced('100') },
  ];
}

async function startAll(ways: readonly Way[], copies: LakeCopies): Promise<ServerProcess[]> {
  const servers: ServerProcess[] = [];
  for (const { command, environment } of ways) {
    const whole = [...command, 'serve', '--port', '0', '--data', await copies.next()];
    servers.push(await startServerProcess(whole, { environment }));
  }
  return servers;
}

async function measureQuestion(
  { body, among }: Asked,
  servers: readonly ServerProcess[],
  { customers, rounds, seconds }: Pick<Flags, 'customers' | 'rounds' | 'seconds'>,
): Promise<readonly number[]> {
  const most = among(customers);
  const costs: number[][] = servers.map(() => []);
  // The first round is for warming up.
  for (let round = 0; round <= rounds; round++) {
    for (const [place, { pid, port }] of servers.entries()) {
      const { cpuMsPerRequest } = await runLoad({
        port,
        path: graphqlPath,
        nextBody: () => body(Math.floor(Math.random() * most)),
        concurrency: 16,
        durationMs: seconds * 1_000,
        pids: [pid],
      });
      if (round > 0) costs[place]?.push(cpuMsPerRequest);
    }
  }
  return costs.map(median);
}

/** Takes traces and throws them away, as a collector on the same machine would that has nothing else to do. */
async function startSink(): Promise<{
  readonly endpoint: string;
  readonly server: Server;
  readonly taken: () => number;
}> {
  let taken = 0;
  const server = createServer((incoming, response) => {
    incoming.on('data', (chunk: Buffer) => (taken += chunk.length));
    incoming.on('end', () => void response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/v1/traces`, server, taken: () => taken };
}
