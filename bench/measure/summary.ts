import type { LoadResult } from './run-load.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Each number is the median of its own over the rounds, so one disturbed round changes none. */
export function medianResult(rounds: readonly LoadResult[]): LoadResult {
  const of = (read: (result: LoadResult) => number): number => median(rounds.map(read));
  return {
    requestCount: of((result) => result.requestCount),
    requestsPerSecond: of((result) => result.requestsPerSecond),
    p50Ms: of((result) => result.p50Ms),
    p99Ms: of((result) => result.p99Ms),
    cpuMsPerRequest: of((result) => result.cpuMsPerRequest),
    residentBytes: of((result) => result.residentBytes),
  };
}
