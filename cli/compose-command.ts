import { resolve } from 'node:path';
import { Command } from 'commander';
import {
  errorText,
  formatLocation,
  raise,
  type TributaryError,
} from '../foundation/errors/tributary-error.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';

interface ComposeFlags extends ProjectFlags {
  readonly out: string;
  readonly check?: true;
}

export function composeCommand(): Command {
  const command = new Command('compose')
    .description('Compose the subgraphs and the derived hub into the supergraph.')
    .option('--out <file>', "where to write it, from the project's folder", 'supergraph.graphql')
    .option('--check', 'write nothing; fail when the file is not what would be written');
  return addProjectOptions(command).action(compose);
}

async function compose(flags: ComposeFlags): Promise<void> {
  const settings = projectSettings(flags);
  const { openProject } = await import('../gateway/open-project.ts');
  const { checkProject } = await import('../gateway/check-project.ts');
  const { stateOf, writeSupergraph } = await import('../registry/supergraph-file.ts');
  const project = await openProject(settings);
  const { supergraphSdl, hints } = project;
  const file = resolve(settings.projectDirectory, flags.out);
  for (const { level, code, message } of hints)
    process.stderr.write(`${level} ${errorText({ message, code })}\n`);
  for (const error of await checkProject({ ...settings, project }))
    process.stderr.write(`WARN ${unchecked(error)}\n`);
  await warnOfAccessRules(supergraphSdl);
  if (flags.check === true) {
    const state = await stateOf(file, supergraphSdl);
    if (state === 'missing') throw raise('SUPERGRAPH_MISSING', { file: flags.out });
    if (state === 'stale') throw raise('SUPERGRAPH_STALE', { file: flags.out });
    process.stderr.write(`${flags.out} is up to date.\n`);
    return;
  }
  await writeSupergraph(file, supergraphSdl).catch((error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('SUPERGRAPH_NOT_WRITTEN', { file: flags.out, problem }, { cause: error });
  });
  process.stderr.write(`Wrote ${flags.out}.\n`);
}

function unchecked({ at, message, code }: TributaryError): string {
  const text = `${message} Without it, this sync.yaml is not checked.`;
  return errorText({ message: text, code, place: at && formatLocation(at) });
}

/** Rules about who may read what are composed, so that a router can enforce them; this one does not. */
async function warnOfAccessRules(supergraphSdl: string): Promise<void> {
  const { parse } = await import('graphql');
  const { stripAccessLinks } = await import('../registry/strip-access-links.ts');
  const { nameRules } = await import('../registry/refuse-access-rules.ts');
  const { accessRules } = stripAccessLinks(parse(supergraphSdl, { noLocation: true }));
  if (accessRules.size === 0) return;
  process.stderr.write(
    `WARN ${nameRules(accessRules)} have rules of access: serve refuses them; a router that enforces these rules can serve the supergraph.\n`,
  );
}
