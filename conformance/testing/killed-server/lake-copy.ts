import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLake, type Lake } from '../../../lake/engine.ts';
import type { Rows } from '../../../lake/rows.ts';

/**
 * Opens the lake that a killed server left as the next one will find it, its write-ahead log included. It is a copy:
 * a lake that is opened and closed here would have no log left for the next server to replay.
 */
export async function withLakeCopy<Result>(
  dataDirectory: string,
  look: (lake: Lake) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'tributary-copy-'));
  try {
    for (const name of ['lake.duckdb', 'lake.duckdb.wal']) {
      const file = join(dataDirectory, name);
      if (existsSync(file)) copyFileSync(file, join(directory, name));
    }
    const lake = await openLake({ directory, memoryLimit: '512MB' });
    try {
      return await look(lake);
    } finally {
      await lake.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Rows as objects of texts. */
export function textRows<Name extends string>(
  { columns, rowCount }: Rows,
  names: readonly Name[],
): readonly Readonly<Record<Name, string | null>>[] {
  return Array.from({ length: rowCount }, (_, row) => {
    const cells = names.map((name, place) => {
      const cell = columns[place]?.[row] ?? null;
      return [name, cell === null ? null : String(cell)] as const;
    });
    return Object.fromEntries(cells) as Record<Name, string | null>;
  });
}
