import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { TableDefinition } from '../mapping/model.ts';

/** A file that holds the first rows of a domain's table. */
export interface SeedFile {
  readonly path: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
}

const formats = ['csv', 'ndjson', 'parquet'] as const;

/**
 * The seed file of a table, `<seedDirectory>/<domain>/<table>.csv` or with the ending of another format; undefined
 * when there is none.
 *
 * @throws SEED_FILE_AMBIGUOUS when there are several
 */
export async function findSeedFile(
  seedDirectory: string,
  { schema, name }: TableDefinition,
): Promise<SeedFile | undefined> {
  const candidates = formats.map((format) => ({
    path: join(seedDirectory, schema, `${name}.${format}`),
    format,
  }));
  const checks = await Promise.all(
    candidates.map((file) =>
      access(file.path).then(
        () => [file],
        () => [],
      ),
    ),
  );
  const [file, another] = checks.flat();
  if (file !== undefined && another !== undefined) {
    throw raise('SEED_FILE_AMBIGUOUS', { first: file.path, second: another.path });
  }
  return file;
}
