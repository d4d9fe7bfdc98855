import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configJsonSchema } from '../foundation/config/schema.ts';
import { declarationJsonSchema } from '../sync/declaration/declaration-schema.ts';
import { errorsDocument } from '../foundation/errors/errors-document.ts';

/** Writes the documents that are made from the code; `npm run docs` runs this file. */
const docs = resolve(import.meta.dirname, '../docs');
await writeFile(`${docs}/errors.md`, errorsDocument());
await writeFile(`${docs}/config.schema.json`, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
await writeFile(
  `${docs}/sync.schema.json`,
  `${JSON.stringify(declarationJsonSchema(), null, 2)}\n`,
);
