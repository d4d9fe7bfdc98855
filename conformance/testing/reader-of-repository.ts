import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectFolder } from './project-folder.ts';
import { ReadmeReader } from './readme-reader.ts';
import { repositoryDirectory } from './start-project.ts';

interface RepositoryReaderOptions {
  readonly projectDirectory: string;
  readonly commandDirectory: string;
  /** See `ReadmeReader`. */
  readonly toolPorts?: Readonly<Record<string, string>>;
}

/** Somebody who sits in a copy of this repository; the program that they call is the one that was built last. */
export function readerOfRepository(options: RepositoryReaderOptions): ReadmeReader {
  const { projectDirectory, ...rest } = options;
  const project = ProjectFolder.copyOfRepository(projectDirectory);
  for (const file of ['supergraph.graphql', 'package.json'])
    cpSync(join(repositoryDirectory, file), project.pathOf(file));
  // A package may import itself by its name, and finds what was built.
  project.link('dist', join(repositoryDirectory, 'dist'));
  return new ReadmeReader({ ...rest, project, program: builtProgram() });
}

function builtProgram(): string {
  const packageJson = readFileSync(join(repositoryDirectory, 'package.json'), 'utf8');
  const { bin } = JSON.parse(packageJson) as { readonly bin: { readonly tributary: string } };
  return join(repositoryDirectory, bin.tributary);
}
