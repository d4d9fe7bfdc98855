import { fileURLToPath } from 'node:url';
import { writeCsv } from './write-csv.ts';

/** Where the data set lies that `serve` loads into a new lake; `npx tsx seed/committed-data.ts` writes it anew. */
export const committedDirectory = fileURLToPath(new URL('../lake-data/seed', import.meta.url));

export const committedOptions = { customers: 1_000, seed: 1 } as const;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeCsv({ directory: committedDirectory, ...committedOptions });
}
