import type { Clock } from '../foundation/clock.ts';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import { formatToken, generateToken, hashSecret } from './api-key-token.ts';
import { isReservedName } from './caller.ts';
import { withFileLock } from './file-lock.ts';
import {
  keyFilePath,
  makeKeyDirectory,
  readKeyFile,
  writeKeyFile,
  type StoredKey,
} from './key-file.ts';

/** What can be told about an API key: everything but its secret and the hash of it. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

interface CreateKeyOptions {
  /** The data directory. */
  readonly directory: string;
  /** Who uses the key, in words for the operator. */
  readonly name: string;
  readonly clock: Clock;
}

interface RevokeKeyOptions {
  readonly directory: string;
  readonly id: string;
  readonly clock: Clock;
}

/**
 * Makes a key. The token is told here and never again. A running server knows the key at once.
 * @throws KEY_NAME_INVALID, KEY_FILE_CORRUPT, KEY_FILE_LOCKED
 */
export async function createKey({
  directory,
  name,
  clock,
}: CreateKeyOptions): Promise<{ readonly token: string; readonly key: ApiKey }> {
  const isText = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,100}$/u.test(name) && name.trim() !== '';
  if (!isText || isReservedName(name)) {
    throw raise('KEY_NAME_INVALID', { name });
  }
  return changeKeys(directory, (keys) => {
    const token = generateToken();
    const createdAt = clock.now().toISOString();
    const secretSha256 = hashSecret(token.secret);
    const key = { id: token.id, name, createdAt, revokedAt: null, secretSha256 };
    return { keys: [...keys, key], result: { token: formatToken(token), key: withoutHash(key) } };
  });
}

/**
 * Revokes a key for good. A running server refuses it from its next request on. Revoking it again changes nothing.
 * @throws KEY_NOT_FOUND, KEY_FILE_CORRUPT, KEY_FILE_LOCKED
 */
export async function revokeKey({ directory, id, clock }: RevokeKeyOptions): Promise<ApiKey> {
  return changeKeys(directory, (keys) => {
    const key = keys.find((candidate) => candidate.id === id);
    if (key === undefined) {
      throw raise('KEY_NOT_FOUND', { id, suggestion: suggestKey(id, keys) });
    }
    const revoked = { ...key, revokedAt: key.revokedAt ?? clock.now().toISOString() };
    return {
      keys: keys.map((candidate) => (candidate.id === id ? revoked : candidate)),
      result: withoutHash(revoked),
    };
  });
}

/**
 * Every key that was ever made, oldest first.
 * @throws KEY_FILE_CORRUPT
 */
export async function listKeys(directory: string): Promise<readonly ApiKey[]> {
  return (await readKeyFile(keyFilePath(directory))).map(withoutHash);
}

/** Reads, changes and writes under the lock, so that two commands at once lose nothing. */
async function changeKeys<Result>(
  directory: string,
  change: (keys: readonly StoredKey[]) => { keys: readonly StoredKey[]; result: Result },
): Promise<Result> {
  const file = keyFilePath(directory);
  try {
    await makeKeyDirectory(file);
    return await withFileLock(`${file}.lock`, async () => {
      const { keys, result } = change(await readKeyFile(file));
      await writeKeyFile(file, keys);
      return result;
    });
  } catch (error) {
    if (error instanceof TributaryError) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw raise('KEY_FILE_UNWRITABLE', { file, problem }, { cause: error });
  }
}

/** Names are what people remember, so a name given for an id is worth an answer. */
function suggestKey(id: string, keys: readonly StoredKey[]): string {
  const named = keys.find(({ name, revokedAt }) => name === id && revokedAt === null);
  if (named !== undefined) return `The key named "${named.name}" has the id "${named.id}".`;
  return didYouMean(
    id,
    keys.map((key) => key.id),
  );
}

function withoutHash({ id, name, createdAt, revokedAt }: StoredKey): ApiKey {
  return { id, name, createdAt, revokedAt };
}
