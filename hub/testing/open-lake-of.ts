import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createLog } from '../../foundation/log.ts';
import { openLake, type Lake } from '../../lake/engine.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { inlineProject, type Schemas } from './inline-project.ts';

interface LakeOfOptions {
  /** An empty folder; who made it removes it. */
  readonly directory: string;
  readonly domains: Schemas;
  /** CSV text by `<domain>/<table>.csv`. */
  readonly rows: Readonly<Record<string, string>>;
}

/** A lake with the projections of some domains, for tests of statements; who opens it closes it. */
export async function openLakeOf({
  directory,
  domains,
  rows,
}: LakeOfOptions): Promise<{ readonly lake: Lake; readonly model: LakeModel }> {
  const seedDirectory = join(directory, 'seed');
  for (const [file, text] of Object.entries(rows)) {
    await mkdir(dirname(join(seedDirectory, file)), { recursive: true });
    await writeFile(join(seedDirectory, file), text);
  }
  const { model } = inlineProject(domains).hubSchema;
  const lake = await openLake({ directory, memoryLimit: '512MB' });
  const log = createLog({ level: 'silent' });
  await prepareLake({ lake, model, seedDirectory, log });
  return { lake, model };
}
