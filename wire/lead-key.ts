import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../mapping/model.ts';
import { toKeyValue } from './to-lake-value.ts';

/** Where keys lead whose entities were merged into others. */
export interface KeyRedirects {
  /** The key that stands for this one now; undefined where it stands for itself. */
  find(entity: string, key: string): string | undefined;
}

/** The key of the entity that a key leads to; the same one where nothing was merged. Only keys of one field lead on. */
export function leadKey(
  redirects: KeyRedirects | undefined,
  entity: string,
  key: readonly DuckDBValue[],
  types: readonly SqlType[],
): readonly DuckDBValue[] {
  const [value, another] = key;
  const [type] = types;
  if (redirects === undefined || another !== undefined || type === undefined) return key;
  const target = redirects.find(entity, String(value));
  const led = target === undefined ? undefined : toKeyValue(target, type);
  return led === undefined ? key : [led];
}
