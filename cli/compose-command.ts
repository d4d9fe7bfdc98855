import { resolve } from 'node:path';
import { Command } from 'commander';
import { raise } from '../foundation/errors/tributary-error.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';

interface ComposeFlags extends ProjectFlags {
  readonly out: string;
  readonly check?: true;
}

export function composeCommand(): Command {
  const command = new Command('compose')
    .description('Compose the subgraphs and the derived hub into the supergraph.')
    .option('--out <file>', 'where to write it', 'supergraph.graphql')
    .option('--check', 'write nothing; fail when the file is not what would be written');
  return addProjectOptions(command).action(compose);
}

async function compose(flags: ComposeFlags): Promise<void> {
  const settings = projectSettings(flags);
  const { openProject } = await import('../gateway/open-project.ts');
  const { isStale, writeSupergraph } = await import('../registry/supergraph-file.ts');
  const { supergraphSdl, hints } = await openProject(settings);
  const file = resolve(settings.projectDirectory, flags.out);
  for (const { level, code, message } of hints)
    process.stderr.write(`${level} [${code}] ${message}\n`);
  if (flags.check === true) {
    if (await isStale(file, supergraphSdl)) throw raise('SUPERGRAPH_STALE', { file: flags.out });
    process.stderr.write(`${flags.out} is up to date.\n`);
    return;
  }
  await writeSupergraph(file, supergraphSdl).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('SUPERGRAPH_NOT_WRITTEN', { file: flags.out, problem }, { cause: error });
  });
  process.stderr.write(`Wrote ${flags.out}.\n`);
}
