import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { raise } from '../foundation/errors/tributary-error.ts';
import { replaceFile } from '../foundation/replace-file.ts';

const storedKeySchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{10}$/),
  name: z.string().min(1),
  /** RFC 3339, UTC. */
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().nullable(),
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const keyFileSchema = z.strictObject({ version: z.literal(1), keys: z.array(storedKeySchema) });

/** An API key as it is stored: everything but the secret. */
export type StoredKey = Readonly<z.output<typeof storedKeySchema>>;

/** Where the keys of a data directory are. */
export function keyFilePath(dataDirectory: string): string {
  return join(dataDirectory, 'access', 'keys.json');
}

/** The stored keys; none when there is no file yet. `parseKeyFile` says what can be wrong. */
export async function readKeyFile(file: string): Promise<readonly StoredKey[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw raise('KEY_FILE_CORRUPT', { file, problem: String(error) }, { cause: error });
  });
  return parseKeyFile(file, text);
}

/**
 * The keys in the text of a key file; undefined, a missing file, holds none. An empty file is corrupt: we never
 * write one, so it has lost its keys.
 * @throws KEY_FILE_CORRUPT
 */
export function parseKeyFile(file: string, text: string | undefined): readonly StoredKey[] {
  if (text === undefined) return [];
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw raise('KEY_FILE_CORRUPT', { file, problem: 'it is not JSON.' }, { cause: error });
  }
  const parsed = keyFileSchema.safeParse(json);
  if (parsed.success) return parsed.data.keys;
  const [issue] = parsed.error.issues;
  const problem = `${issue?.path.join('.') || 'the document'}: ${issue?.message ?? 'not valid'}.`;
  throw raise('KEY_FILE_CORRUPT', { file, problem }, { cause: parsed.error });
}

/** Replaces the file as a whole. */
export async function writeKeyFile(file: string, keys: readonly StoredKey[]): Promise<void> {
  await replaceFile(file, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`, 0o600);
}

/** Makes the folder of the key file, readable for its owner alone. */
export async function makeKeyDirectory(file: string): Promise<void> {
  const directory = dirname(file);
  await mkdir(dirname(directory), { recursive: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
}
