import { Command } from 'commander';
import { createKey, listKeys, revokeKey } from '../access/api-keys.ts';
import { systemClock } from '../foundation/clock.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';
import { requireKeys } from './require-lake.ts';

interface CreateFlags extends ProjectFlags {
  readonly name: string;
  readonly withoutLake?: true;
}

const noKey = 'There is no API key yet. Make one with `tributary key create`.\n';

/** The commands work on the key file alone, so they also work while the server runs, which sees the change at once. */
export function keyCommand(): Command {
  return new Command('key')
    .description('Manage API keys, also while the server runs.')
    .addCommand(
      addProjectOptions(new Command('create'))
        .description('Make a key and print its token, which is never shown again.')
        .requiredOption('--name <name>', 'who uses the key')
        .option('--without-lake', 'also in a folder without a lake, for `serve --supergraph`')
        .action(async (flags: CreateFlags) => {
          const { name, withoutLake = false } = flags;
          const { token, key } = await createKey({ ...common(flags, withoutLake), name });
          process.stderr.write(
            `Key ${key.id} for ${key.name}. Keep the token; it is not shown again.\n`,
          );
          process.stdout.write(`${token}\n`);
        }),
    )
    .addCommand(
      addProjectOptions(new Command('list'))
        .description('List the keys.')
        .action(async (flags: ProjectFlags) => {
          const keys = await listKeys(common(flags).directory);
          if (keys.length === 0) process.stderr.write(noKey);
          for (const { id, name, createdAt, revokedAt } of keys) {
            const state = revokedAt === null ? 'active' : `revoked ${revokedAt}`;
            process.stdout.write(`${id}\t${createdAt}\t${state}\t${name}\n`);
          }
        }),
    )
    .addCommand(
      addProjectOptions(new Command('revoke'))
        .description('Revoke a key at once and for good.')
        .argument('<id>', 'the id of the key, as `tributary key list` shows it')
        .action(async (id: string, flags: ProjectFlags) => {
          const key = await revokeKey({ ...common(flags), id });
          process.stderr.write(`Key ${key.id} of ${key.name} is revoked.\n`);
        }),
    );
}

function common(flags: ProjectFlags, isNew = false) {
  const { directory } = projectSettings(flags).config.lake;
  if (!isNew) requireKeys(directory);
  return { directory, clock: systemClock };
}
