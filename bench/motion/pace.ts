import { quantileOf } from './quantile.ts';

/** How fast something goes that several callers do at once. */
export interface Pace {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly highestMs: number;
  readonly cpuMsEach: number;
}

/** Does something so often, so many at a time; `work` throws where it is not done. */
export async function measurePace(
  count: number,
  concurrency: number,
  work: (number: number) => Promise<void>,
): Promise<Pace> {
  const latenciesMs: number[] = [];
  let next = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const caller = async (): Promise<void> => {
    while (next < count) {
      const number = next++;
      const asked = performance.now();
      await work(number);
      latenciesMs.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const elapsedMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return {
    count,
    perSecond: (count / elapsedMs) * 1_000,
    p50Ms: quantileOf(latenciesMs, 0.5),
    p99Ms: quantileOf(latenciesMs, 0.99),
    highestMs: Math.max(...latenciesMs),
    cpuMsEach: (user + system) / 1_000 / count,
  };
}
