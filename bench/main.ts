import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { compare } from './compare.ts';
import { measureCompileTimes } from './compile-time.ts';
import { prepareDataSet } from './data-set.ts';
import { measureLargeAnswers } from './large-answers.ts';
import { measureNaive } from './naive.ts';
import { exportSize } from './questions.ts';
import { writeReport } from './report/write-report.ts';
import { measureStartup } from './startup.ts';

interface Flags {
  readonly customers: number;
  readonly quick?: true;
  readonly reseed?: true;
  readonly out: string;
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

await new Command('bench')
  .description('Measure Tributary against vanilla federation and against SQL by hand.')
  .option('--customers <number>', 'size of the data set', parseCount, 100_000)
  .option('--quick', 'fewer and shorter rounds')
  .option('--reseed', 'make the data set anew, which measures the seed again')
  .option('--out <file>', 'where to write the results', 'bench/RESULTS.md')
  .action(bench)
  .parseAsync();

async function bench({ customers, quick, reseed, out }: Flags): Promise<void> {
  const { rounds, secondsEach, startupRuns } =
    quick === true
      ? { rounds: 3, secondsEach: 1, startupRuns: 3 }
      : { rounds: 5, secondsEach: 1.5, startupRuns: 5 };
  say('measuring compile times');
  const compileTimes = await measureCompileTimes();
  say(`preparing ${customers} customers`);
  const dataSet = await prepareDataSet(customers, reseed === true);
  try {
    say('measuring the start');
    const startup = await measureStartup(dataSet.copies, startupRuns);
    const measurements = await compare(dataSet, {
      rounds,
      secondsEach,
      say,
    });
    say('measuring large answers');
    const largeAnswers = await measureLargeAnswers(dataSet);
    say('measuring the naive way');
    const naive = await measureNaive(dataSet);
    const { seedCost } = dataSet;
    const report = writeReport({
      date: new Date(),
      rounds,
      secondsEach,
      measurements,
      seedCost,
      startup,
      compileTimes,
      largeAnswers,
      naive,
    });
    await writeFile(out, report);
    process.stdout.write(report);
  } finally {
    await dataSet.removeCopies();
  }
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 2 * exportSize) return count;
  throw new InvalidArgumentError(`Give a whole number of at least ${2 * exportSize}.`);
}
