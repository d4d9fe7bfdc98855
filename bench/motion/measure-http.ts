import { randomUUID } from 'node:crypto';
import { graphqlPath } from '../contenders.ts';
import type { DataSet } from '../data-set.ts';
import { runLoad, type LoadResult } from '../measure/run-load.ts';
import { medianResult } from '../measure/summary.ts';
import { startServerProcess, tributary } from '../server-process.ts';
import { concurrency } from './measure-changes.ts';

const mutation =
  'mutation Create($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } version problems: errors { code } } }';

/** Creates as tools send them: GraphQL over HTTP, with everything that stands in front of the ledger. */
export async function measureHttp({ copies }: DataSet, rounds: number): Promise<LoadResult> {
  const command = [...tributary, 'serve', '--port', '0', '--data', await copies.next()];
  const server = await startServerProcess(command);
  const load = (durationMs: number): Promise<LoadResult> =>
    runLoad({
      port: server.port,
      path: graphqlPath,
      nextBody: askCreate,
      concurrency,
      durationMs,
      pids: [server.pid],
    });
  try {
    await load(3_000);
    const results: LoadResult[] = [];
    for (let round = 0; round < rounds; round++) results.push(await load(3_000));
    return medianResult(results);
  } finally {
    await server.stop();
  }
}

function askCreate(): string {
  const id = randomUUID();
  const input = { name: `Customer ${id}`, email: `${id}@mail.example`, idempotencyKey: id };
  return JSON.stringify({ query: mutation, variables: { input } });
}
