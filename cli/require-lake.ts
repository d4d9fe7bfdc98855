import { existsSync } from 'node:fs';
import { keyFilePath } from '../access/key-file.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import { hasLake } from '../lake/lake-file.ts';

/**
 * Whoever names the wrong folder is told so, instead of finding nothing in it or making a new lake there.
 *
 * @throws LAKE_MISSING
 */
export function requireLake(directory: string): void {
  if (!hasLake(directory)) throw raise('LAKE_MISSING', { directory, otherwise: '' });
}

/**
 * The same for keys, which a server without a lake has too.
 *
 * @throws LAKE_MISSING
 */
export function requireKeys(directory: string): void {
  if (hasLake(directory) || existsSync(keyFilePath(directory))) return;
  const otherwise =
    '; the first key of a server that has none (`tributary serve --supergraph`) is made with `tributary key create --without-lake`';
  throw raise('LAKE_MISSING', { directory, otherwise });
}
