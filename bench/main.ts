import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import { compare } from './compare.ts';
import { contenderAt, contenders, hiveName, type Contender } from './contenders.ts';
import { measureCompileTimes } from './compile-time.ts';
import { prepareDataSet } from './data-set.ts';
import { measureLargeAnswers } from './large-answers.ts';
import { measureNaive } from './naive.ts';
import { installPeers } from './peers/install-peers.ts';
import { exportSize } from './questions.ts';
import { writeReport } from './report/write-report.ts';
import { measureStartup } from './startup.ts';

interface Flags {
  readonly customers: number;
  readonly quick?: true;
  readonly reseed?: true;
  readonly hive: boolean;
  readonly peer: readonly Contender[];
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
  .option('--no-hive', 'leave out Hive Gateway, which is installed at first use')
  .option('--peer <name=url>', 'one more GraphQL server with the same data, again', addPeer, [])
  .option('--out <file>', 'where to write the results', 'bench/RESULTS.md')
  .action(bench)
  .parseAsync();

async function bench({ customers, quick, reseed, hive, peer, out }: Flags): Promise<void> {
  const { rounds, secondsEach, startupRuns } =
    quick === true
      ? { rounds: 3, secondsEach: 1, startupRuns: 3 }
      : { rounds: 5, secondsEach: 1.5, startupRuns: 5 };
  if (hive) await installPeers(say);
  say('measuring compile times');
  const compileTimes = await measureCompileTimes();
  say(`preparing ${customers} customers`);
  const dataSet = await prepareDataSet(customers, reseed === true);
  try {
    say('measuring the start');
    const startup = await measureStartup(dataSet.copies, startupRuns);
    const compared = [
      ...contenders.filter(({ name }) => hive || !name.startsWith(hiveName)),
      ...peer,
    ];
    const measurements = await compare(dataSet, {
      contenders: compared,
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
      contenders: compared,
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

function addPeer(text: string, others: readonly Contender[]): readonly Contender[] {
  const [, name, url = ''] = /^([\w-]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || !URL.canParse(url)) {
    throw new InvalidArgumentError('Give a name and a URL, such as router=http://127.0.0.1:4000/.');
  }
  return [...others, contenderAt(name, new URL(url))];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 2 * exportSize) return count;
  throw new InvalidArgumentError(`Give a whole number of at least ${2 * exportSize}.`);
}
