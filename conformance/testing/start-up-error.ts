import { relative } from 'node:path';
import { formatLocation, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { ProjectFolder } from './project-folder.ts';
import { startProjectUntilClosed } from './start-project.ts';

/** What a person sees when a project does not start. */
export interface StartUpError {
  readonly code: string;
  /** `file:line:column`, from the folder of the project. */
  readonly place: string | undefined;
  readonly message: string;
  readonly hint: string;
}

/** Starts a project that has to be refused, and gives the refusal. */
export async function startUpError(
  project: ProjectFolder,
  dataDirectory: string,
): Promise<StartUpError> {
  const started = await startProjectUntilClosed({
    projectDirectory: project.directory,
    dataDirectory,
  }).catch((error: unknown) => error);
  if (started instanceof TributaryError) {
    const { code, at, message, hint } = started;
    const place = at && formatLocation({ ...at, file: relative(project.directory, at.file) });
    return { code, place, message, hint };
  }
  if (started instanceof Error) throw started;
  throw new Error('The project started.');
}
