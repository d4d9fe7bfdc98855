import { onTestFinished } from 'vitest';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { openLake, type Lake, type OpenLakeOptions } from '../engine.ts';
import { sql, type Sql } from '../sql.ts';

/** A lake in a folder of its own; both go when the running test ends. */
export async function openTempLake(options: Partial<OpenLakeOptions> = {}): Promise<Lake> {
  const lake = await openLake({ directory: tempFolder(), memoryLimit: '512MB', ...options });
  onTestFinished(() => lake.close());
  return lake;
}

/** A lake with a table `main.number` that holds 0 up to `count` in `n`, and `row 0`, … in `label`. */
export async function openNumbersLake(
  count: number,
  options: Partial<OpenLakeOptions> = {},
): Promise<Lake> {
  const lake = await openTempLake(options);
  await lake.write(async (tx) => {
    await tx.run(sql`CREATE TABLE number (n INTEGER PRIMARY KEY, label VARCHAR)`);
    await tx.append('main', 'number', {
      columnNames: ['n', 'label'],
      columns: [
        Array.from({ length: count }, (_, n) => n),
        Array.from({ length: count }, (_, n) => `row ${n}`),
      ],
    });
  });
  return lake;
}

/** A SELECT that no machine finishes within a test. */
export const endless: Sql = sql`SELECT count(*) FROM range(1000000000000) AS r(i) WHERE i % 7 = 3`;
