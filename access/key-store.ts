import { raise } from '../foundation/errors/tributary-error.ts';
import { matchesHash, parseToken } from './api-key-token.ts';
import type { Caller } from './caller.ts';
import { FileOnChange } from './file-on-change.ts';
import { keyFilePath, parseKeyFile, type StoredKey } from './key-file.ts';

/** The API keys as a running server sees them: always those that are in the file now. */
export class KeyStore {
  readonly #keysById: FileOnChange<ReadonlyMap<string, StoredKey>>;

  constructor(dataDirectory: string) {
    const file = keyFilePath(dataDirectory);
    this.#keysById = new FileOnChange(
      file,
      (text) => new Map(parseKeyFile(file, text).map((key) => [key.id, key])),
    );
  }

  /**
   * The caller with this token.
   * @throws UNAUTHENTICATED for a token that is unknown or revoked; KEY_FILE_CORRUPT
   */
  authenticate(text: string): Caller {
    const token = parseToken(text);
    if (token === undefined) {
      throw raise('UNAUTHENTICATED', { problem: 'this is not an API key' });
    }
    const key = this.#keysById.read().get(token.id);
    // An unknown id takes as long as a wrong secret, so that ids cannot be tried out.
    const isRightSecret = matchesHash(token.secret, key?.secretSha256 ?? '0'.repeat(64));
    if (key === undefined || !isRightSecret) {
      throw raise('UNAUTHENTICATED', { problem: 'no such API key exists' });
    }
    if (key.revokedAt !== null) {
      throw raise('UNAUTHENTICATED', {
        problem: `the API key ${key.id} was revoked at ${key.revokedAt}`,
      });
    }
    return { kind: 'apiKey', id: key.id, name: key.name };
  }

  /** How many keys open the server now. */
  countActive(): number {
    return [...this.#keysById.read().values()].filter(({ revokedAt }) => revokedAt === null).length;
  }
}
