import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../foundation/clock.ts';
import { createLog } from '../foundation/log.ts';
import { createProgress } from '../foundation/progress.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';

interface SeedFlags extends ProjectFlags {
  readonly customers: number;
  readonly seed: number;
  readonly replace?: true;
}

export function seedCommand(): Command {
  const command = new Command('seed')
    .description('Fill a lake with made-up customers, the same ones for the same seed.')
    .requiredOption('--customers <number>', 'how many customers', parseCount)
    .option('--seed <number>', 'seed of the randomness', parseCount, 1)
    .option(
      '--replace',
      'remove the customers that are there; without it a lake that has some is left alone',
    );
  return addProjectOptions(command).action(seed);
}

function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('Give a whole number.');
}

async function seed(flags: SeedFlags): Promise<void> {
  const settings = projectSettings(flags);
  const { seedLake } = await import('../seed/seed-lake.ts');
  const { openProject } = await import('../gateway/open-project.ts');
  const { openLake } = await import('../lake/engine.ts');
  const { authored } = await openProject(settings);
  const { directory, memoryLimitMb } = settings.config.lake;
  const log = createLog({ level: 'warn' });
  const lake = await openLake({ directory, memoryLimit: `${memoryLimitMb}MiB`, log });
  try {
    await seedLake({
      lake,
      model: authored.model,
      customers: flags.customers,
      seed: flags.seed,
      mayReplace: flags.replace === true,
      progress: createProgress({ stream: process.stderr, clock: systemClock }),
    });
  } finally {
    await lake.close();
  }
}
