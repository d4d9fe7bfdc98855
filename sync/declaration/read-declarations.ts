import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '../../foundation/config/environment.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Domain, LakeModel } from '../../mapping/model.ts';
import { declarationSchema } from './declaration-schema.ts';
import { expandEnvironment } from './expand-environment.ts';
import { resolveTable } from './resolve-table.ts';
import { shapeError } from './shape-error.ts';
import type { SyncDeclaration } from './sync-declaration.ts';
import { YamlDocument } from './yaml-document.ts';

const syncFileName = 'sync.yaml';

interface ReadOptions {
  readonly model: LakeModel;
  /** Paths of folders in a declaration begin here. */
  readonly projectDirectory: string;
  readonly environment: Environment;
}

/**
 * The declarations of all domains that have one: `sync.yaml` beside the domain's schema.
 *
 * @throws SYNC_FILE_INVALID, SYNC_KEY_UNKNOWN, SYNC_SETTING_INVALID, SYNC_VARIABLE_UNSET, SYNC_TABLE_UNKNOWN,
 *   SYNC_TABLE_LIVE, SYNC_COLUMN_UNKNOWN, each with file, line and column
 */
export async function readSyncDeclarations(
  options: ReadOptions,
): Promise<readonly SyncDeclaration[]> {
  const { domains } = options.model;
  const read = await Promise.all(domains.map((domain) => readSyncDeclaration(domain, options)));
  return read.filter((declaration) => declaration !== undefined);
}

/** The declaration of one domain, if it has one; throws the same. */
export async function readSyncDeclaration(
  { name, schemaFile }: Domain,
  options: ReadOptions,
): Promise<SyncDeclaration | undefined> {
  const file = syncFileOf(schemaFile);
  const text = await readText(file);
  return text === undefined ? undefined : readDeclaration(name, file, text, options);
}

/** Where the declaration of a domain is, if there is one: the files to watch, which need not exist. */
export function syncFileOf(schemaFile: string): string {
  return join(dirname(schemaFile), syncFileName);
}

export function readDeclaration(
  domain: string,
  file: string,
  text: string,
  { model, projectDirectory, environment }: ReadOptions,
): SyncDeclaration {
  const document = new YamlDocument(file, text);
  const locate = (path: readonly (string | number)[]) => document.locate(path);
  const value = expandEnvironment(document.value, environment, locate);
  const parsed = declarationSchema.safeParse(value);
  if (!parsed.success) throw shapeError(parsed.error.issues, document);
  const { schedule, tables } = parsed.data;
  const resolved = Object.entries(tables).map(([name, input]) =>
    resolveTable({ domain, name, input, schedule, model, projectDirectory, locate }),
  );
  return { domain, file, tables: resolved };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ENOTDIR'].includes(String(error.code))
    )
      return undefined;
    throw raise('SYNC_FILE_INVALID', { problem: String(error) }, { at: { file }, cause: error });
  }
}
