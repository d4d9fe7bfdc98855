import { randomUUID } from 'node:crypto';
import { systemClock } from '../../foundation/clock.ts';
import { loadConfig } from '../../foundation/config/load-config.ts';
import { createLog } from '../../foundation/log.ts';
import { openProject } from '../../gateway/open-project.ts';
import { openLake, type Lake } from '../../lake/engine.ts';
import { Ledger } from '../../ledger/ledger.ts';
import type { LakeModel } from '../../mapping/model.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { projectDirectory } from '../server-process.ts';

export interface BenchLedger {
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly model: LakeModel;
  readonly close: () => Promise<void>;
}

/** The ledger of the example's domains over a copy of the data set, with the settings of a server. */
export async function openBenchLedger(directory: string): Promise<BenchLedger> {
  const flags = { lake: { directory } };
  const config = loadConfig({ projectDirectory, environment: {}, flags });
  const { authored } = await openProject({ projectDirectory, config, environment: {} });
  const { model } = authored;
  const lake = await openLake({ directory, memoryLimit: `${config.lake.memoryLimitMb}MiB` });
  const { seedDirectory } = config.lake;
  await prepareLake({ lake, model, seedDirectory, log: createLog({ level: 'silent' }) });
  const ledger = await Ledger.open({ lake, clock: systemClock, newId: randomUUID });
  ledger.use(model);
  const close = async (): Promise<void> => {
    await ledger.settle();
    await lake.close();
  };
  return { lake, ledger, model, close };
}
