import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSimulationLake, type SimulationLake } from './simulation-lake.ts';
import { simulate, type Simulation } from './simulate.ts';

const seeds = 200;

describe('the simulator', () => {
  let opened: SimulationLake;

  beforeAll(async () => {
    opened = await openSimulationLake();
  });
  afterAll(() => opened.close());

  async function play(seed: number, steps: number): Promise<Simulation> {
    const played = await simulate({ seed, lake: opened.lake, shop: opened.shop, steps });
    await opened.clear();
    return played;
  }

  it(`holds every rule in ${seeds} seeds`, { timeout: 600_000 }, async () => {
    const failed: string[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const { failure, trace } = await play(seed, 10);
      if (failure !== undefined)
        failed.push(`seed ${seed}: ${String(failure)}\n${trace.slice(-40).join('\n')}`);
    }
    expect(failed).toEqual([]);
  });

  it.each([3, 17, 40])('plays seed %i the same way again', async (seed) => {
    const first = await play(seed, 30);
    const second = await play(seed, 30);
    expect(second.trace).toEqual(first.trace);
    expect(first.trace.length).toBeGreaterThan(50);
  });
});
