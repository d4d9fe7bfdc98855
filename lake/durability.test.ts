import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { openLake } from './engine.ts';
import { sql } from './sql.ts';
import { runScript } from './testing/run-script.ts';

it('a process that is killed among its commits loses no row that was acknowledged', async () => {
  const directory = tempFolder();
  const writer = runScript('commit-rows.ts', directory);
  let acknowledged = -1;
  while (acknowledged < 40) acknowledged = Number((await writer.lines.next()).value);
  await writer.kill();
  for (let last = await writer.lines.next(); last.done !== true; last = await writer.lines.next()) {
    acknowledged = Number(last.value);
  }
  const lake = await openLake({ directory });
  onTestFinished(() => lake.close());
  const { columns } = await lake.read(sql`SELECT n FROM safe ORDER BY n`);
  const rows = columns[0] ?? [];
  expect(rows).toEqual(Array.from({ length: rows.length }, (_, n) => n));
  // The last row may be safe without anybody having been told.
  expect([acknowledged + 1, acknowledged + 2]).toContain(rows.length);
});
