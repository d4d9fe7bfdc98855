import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { prepareDataSet } from '../data-set.ts';
import { measureChanges } from './measure-changes.ts';
import { measureHttp } from './measure-http.ts';
import { measureSyncs } from './measure-syncs.ts';
import { writeMotionReport } from './write-motion-report.ts';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

await new Command('bench:motion')
  .description('Measure changes of identities and syncs of domains.')
  .option('--customers <number>', 'size of the data set', Number, 100_000)
  .option('--rounds <number>', 'rounds of changes', Number, 5)
  .option('--changes <number>', 'creates of a round', Number, 10_240)
  .option('--reseed', 'make the data set anew')
  .option('--out <file>', 'where to write the results', 'bench/MOTION.md')
  .action(bench)
  .parseAsync();

interface Flags {
  readonly customers: number;
  readonly rounds: number;
  readonly changes: number;
  readonly reseed?: true;
  readonly out: string;
}

async function bench({ customers, rounds, changes, reseed, out }: Flags): Promise<void> {
  say(`preparing ${customers} customers`);
  const dataSet = await prepareDataSet(customers, reseed === true);
  try {
    say('measuring changes of identities');
    const measured = await measureChanges(dataSet, { rounds, changes });
    say('measuring them over HTTP');
    const http = await measureHttp(dataSet, rounds);
    say('measuring syncs');
    const syncs = await measureSyncs(dataSet);
    const report = writeMotionReport({
      date: new Date(),
      customers,
      changes: measured,
      http,
      syncs,
    });
    await writeFile(out, report);
    process.stdout.write(report);
  } finally {
    await dataSet.removeCopies();
  }
}
