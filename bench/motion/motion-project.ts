import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectDirectory } from '../server-process.ts';

/** The example's domains with syncs of the bench: sales is pushed to, support takes dropped files. */
export interface MotionProject {
  readonly directory: string;
  /** Where files for support are dropped. */
  readonly drops: string;
}

const salesSync = `tables:
  customer:
    source: { push: true }
    watermark: { column: updated_at, type: integer }
    columns: { account_value: account_value, sales_rep: sales_rep }
    threshold: 100%
`;

const supportSync = `tables:
  customer:
    source:
      folder: { path: drops, format: csv }
    watermark: { column: updated_at, type: integer }
    columns: { support_tier: support_tier, lifetime_tickets: lifetime_tickets }
    threshold: 100%
`;

export async function makeMotionProject(): Promise<MotionProject> {
  const directory = join(projectDirectory, 'bench', '.work', 'motion-project');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const name of ['supergraph.yaml', 'subgraphs'])
    await cp(join(projectDirectory, name), join(directory, name), { recursive: true });
  await writeFile(join(directory, 'subgraphs', 'sales', 'sync.yaml'), salesSync);
  await writeFile(join(directory, 'subgraphs', 'support', 'sync.yaml'), supportSync);
  await rm(join(directory, 'subgraphs', 'billing', 'sync.yaml'), { force: true });
  const drops = join(directory, 'drops');
  await mkdir(drops);
  return { directory, drops };
}
