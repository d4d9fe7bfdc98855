import { parseArgs } from 'node:util';
import { createProgress } from '../foundation/progress.ts';
import { openSimulationLake } from './simulation-lake.ts';
import { simulate, type Simulation } from './simulate.ts';

/**
 * Plays seeds of the simulation: `--seed N` one, with all that happened; `--seeds A-B` many, with a word on those that
 * fail. `--steps N` says how much people and tools do, `--quiet` shows no progress, `--bail` ends with the first that fails.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    steps: { type: 'string', default: '30' },
    quiet: { type: 'boolean', default: false },
    bail: { type: 'boolean', default: false },
  },
});

const [first, last] = rangeOf(values.seeds ?? values.seed ?? '1');
const steps = Number(values.steps);
const isOne = first === last;
const progress = createProgress({ stream: process.stderr });
const lake = await openSimulationLake();
const failed: number[] = [];
let count = 0;
if (!isOne && !values.quiet) progress.start('seeds', last - first + 1);
for (let seed = first; seed <= last; seed++) {
  const played = await simulate({ seed, ...lake, steps });
  await lake.clear();
  count++;
  if (isOne && !values.quiet) process.stdout.write(`${played.trace.join('\n')}\n`);
  if (played.failure !== undefined) {
    failed.push(seed);
    process.stdout.write(describe(played));
    if (values.bail) break;
  }
  if (!isOne && !values.quiet) progress.update(seed - first + 1);
}
const outcome = `${count - failed.length} of ${count} seeds held every rule`;
if (!isOne && !values.quiet) progress.finish(outcome);
process.stdout.write(`${outcome}${failed.length === 0 ? '' : `; failed: ${failed.join(', ')}`}\n`);
await lake.close();
process.exitCode = failed.length === 0 ? 0 : 1;

function rangeOf(text: string): readonly [number, number] {
  const [, from = '', to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (from === '')
    throw new TypeError(`"${text}" is no seed and no range of seeds, such as 1-200.`);
  return [Number(from), Number(to === '' ? from : to)];
}

function describe({ seed, trace, failure }: Simulation): string {
  const what = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  const lines = [
    `seed ${seed} breaks a rule after:`,
    ...trace.slice(-40).map((line) => `  ${line}`),
    what,
    `Play it again: npm run simulate -- --seed ${seed} --steps ${steps}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}
