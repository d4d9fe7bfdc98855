import { openLake } from '../engine.ts';
import { sql, value } from '../sql.ts';

/** A process that commits one row after the other to the lake named by its argument, and prints each once it is safe. */
const lake = await openLake({
  directory: process.argv[2] ?? '',
  memoryLimit: '256MB',
  // So small that checkpoints happen among the commits.
  checkpointBytes: 4096,
});
await lake.write((tx) => tx.run(sql`CREATE TABLE safe (n INTEGER PRIMARY KEY, text VARCHAR)`));
for (let n = 0; ; n++) {
  await lake.write((tx) =>
    tx.run(sql`INSERT INTO safe VALUES (${value(n)}, ${value('x'.repeat(500))})`),
  );
  process.stdout.write(`${n}\n`);
}
