import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { raise } from '../foundation/errors/tributary-error.ts';

/** The file that says what an export holds, and by which it is known for one. */
export const manifestName = 'manifest.json';

/**
 * Where an export is written: a folder beside its place, which takes that place when everything is in it. So there is
 * a whole export or none, also after a crash; what is left then is a folder whose name has `.partial-` in it.
 */
export class ExportFolder {
  /** Where to write. */
  readonly path: string;
  readonly #target: string;
  readonly #mayReplace: boolean;

  private constructor(path: string, target: string, mayReplace: boolean) {
    this.path = path;
    this.#target = target;
    this.#mayReplace = mayReplace;
  }

  /** @throws EXPORT_TARGET_NOT_EMPTY, EXPORT_TARGET_FOREIGN, and what the system says */
  static async prepare(directory: string, mayReplace: boolean): Promise<ExportFolder> {
    await mkdir(dirname(directory), { recursive: true });
    // The name of a link stays, and what it leads to is replaced.
    const target = await realpath(directory).catch(() => directory);
    await checkTarget(target, mayReplace);
    const path = await mkdtemp(`${target}.partial-`);
    const existing = await stat(target).catch(() => undefined);
    // Persons stand in it: it is for nobody else, unless somebody made a folder for it that says otherwise.
    if (existing !== undefined) await chmod(path, existing.mode & 0o777);
    return new ExportFolder(path, target, mayReplace);
  }

  /** Puts it into its place. */
  async finish(): Promise<void> {
    const target = this.#target;
    if ((await checkTarget(target, this.#mayReplace)) !== 'export') {
      await rename(this.path, target);
      return;
    }
    const former = await mkdtemp(`${target}.replaced-`);
    await rename(target, former);
    try {
      await rename(this.path, target);
    } catch (error) {
      await rename(former, target);
      throw error;
    }
    await rm(former, { recursive: true });
  }

  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** What is removed for an export is an export and nothing else: a slip of the hand must not cost somebody's folder. */
async function checkTarget(
  directory: string,
  mayReplace: boolean,
): Promise<'absent' | 'empty' | 'export'> {
  const files = await filesIn(directory);
  if (files === undefined) return 'absent';
  const [first] = files;
  if (first === undefined) return 'empty';
  if (!mayReplace) throw raise('EXPORT_TARGET_NOT_EMPTY', { directory });
  const exported = await exportedFiles(directory);
  const foreign = exported === undefined ? first : files.find((file) => !exported.has(file));
  if (foreign !== undefined) throw raise('EXPORT_TARGET_FOREIGN', { directory, file: foreign });
  return 'export';
}

/** Paths within a folder; undefined when there is none. A folder in which nothing is counts as a file. */
async function filesIn(directory: string): Promise<readonly string[] | undefined> {
  try {
    const entries = await readdir(directory, { withFileTypes: true, recursive: true });
    const paths = entries.map((entry) => ({
      path: relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'),
      isFolder: entry.isDirectory(),
    }));
    return paths
      .filter(
        ({ path, isFolder }) => !isFolder || !paths.some((one) => one.path.startsWith(`${path}/`)),
      )
      .map(({ path }) => path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The files of an export, by its own account; undefined when the folder is none. */
async function exportedFiles(directory: string): Promise<ReadonlySet<string> | undefined> {
  try {
    const text = await readFile(join(directory, manifestName), 'utf8');
    const manifest = JSON.parse(text) as { readonly tables: readonly { readonly file: string }[] };
    return new Set([manifestName, ...manifest.tables.map(({ file }) => file)]);
  } catch {
    return undefined;
  }
}
