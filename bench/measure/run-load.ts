import { HttpConnection } from './http-connection.ts';
import { readUsage } from './process-usage.ts';

export interface LoadOptions {
  readonly port: number;
  readonly path: string;
  /** The body of the next request. */
  readonly nextBody: () => string;
  /** Connections, each of which asks again as soon as it has its answer. */
  readonly concurrency: number;
  readonly durationMs: number;
  /** The processes whose CPU time is charged to the requests. */
  readonly pids: readonly number[];
}

/** What one stretch of load came to. */
export interface LoadResult {
  readonly requestCount: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** NaN where no process is charged. */
  readonly cpuMsPerRequest: number;
  readonly residentBytes: number;
}

/** Asks as fast as the answers come. Throws at the first answer that is not a success. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { port, concurrency, durationMs, pids } = options;
  const open = (): Promise<HttpConnection[]> =>
    Promise.all(Array.from({ length: concurrency }, () => HttpConnection.open(port)));
  // Servers may have lost connections to others while they were idle; what comes of that is not what is measured.
  const first = await open();
  await Promise.all(first.map((connection) => connection.ask(options.path, options.nextBody())));
  for (const connection of first) connection.close();
  const connections = await open();
  const latenciesMs: number[] = [];
  const before = readUsage(pids);
  const start = performance.now();
  const end = start + durationMs;
  await Promise.all(
    connections.map((connection) => askUntil(end, connection, options, latenciesMs)),
  );
  const elapsedMs = performance.now() - start;
  const after = readUsage(pids);
  for (const connection of connections) connection.close();
  latenciesMs.sort((a, b) => a - b);
  return {
    requestCount: latenciesMs.length,
    requestsPerSecond: (latenciesMs.length / elapsedMs) * 1000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    cpuMsPerRequest:
      pids.length === 0 ? Number.NaN : (after.cpuMs - before.cpuMs) / latenciesMs.length,
    residentBytes: after.residentBytes,
  };
}

async function askUntil(
  end: number,
  connection: HttpConnection,
  { path, nextBody }: LoadOptions,
  latenciesMs: number[],
): Promise<void> {
  for (let now = performance.now(); now < end;) {
    const { status, body } = await connection.ask(path, nextBody());
    // GraphQL may carry errors in an answer of status 200; a cheap failure must not pass for a fast answer.
    if (status !== 200 || body.includes('"errors":['))
      throw new Error(`Status ${status}: ${body.slice(0, 500)}`);
    const answered = performance.now();
    latenciesMs.push(answered - now);
    now = answered;
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
