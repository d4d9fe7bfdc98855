import { setTimeout } from 'node:timers/promises';
import { openLake } from '../engine.ts';

/** A process or thread that opens the lake named by its argument, says how that went, and keeps it until it is ended. */
const directory = process.argv[2] ?? '';
try {
  await openLake({ directory, memoryLimit: '256MB' });
  process.stdout.write('opened\n');
  await setTimeout(60_000);
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  const message = error instanceof Error ? error.message : String(error);
  process.stdout.write(`${code} ${message}\n`);
}
