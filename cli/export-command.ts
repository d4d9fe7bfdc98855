import { resolve } from 'node:path';
import { Command } from 'commander';
import { askRunningServer } from '../control/ask-running-server.ts';
import { systemClock } from '../foundation/clock.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { createProgress } from '../foundation/progress.ts';
import type { ExportManifest, ExportProgress } from '../lake/engine.ts';
import { exportClosedLake } from './export-closed-lake.ts';
import { addProjectOptions, projectSettings, type ProjectFlags } from './project-options.ts';

interface ExportFlags extends ProjectFlags {
  readonly parquet: string;
  readonly replace?: true;
}

export function exportCommand(): Command {
  const command = new Command('export')
    .description(
      'Write one state of the lake as files for other programs, also while the server runs.',
    )
    .requiredOption('--parquet <folder>', 'where to write Parquet files and manifest.json')
    .option('--replace', 'replace the export that is there');
  return addProjectOptions(command).action(exportLake);
}

/** The lake belongs to one process: a server that runs does the work itself. */
async function exportLake(flags: ExportFlags): Promise<void> {
  const settings = projectSettings(flags);
  const request = { directory: resolve(flags.parquet), mayReplace: flags.replace === true };
  const bar = new ExportBar();
  const onProgress = (progress: ExportProgress): void => bar.show(progress);
  const manifest = await askRunningServer(settings.config.lake.directory, {
    name: 'export',
    input: request,
    onProgress: (value) => onProgress(value as ExportProgress),
  })
    .then((value) => value as ExportManifest)
    .catch((error: unknown) => {
      if (!(error instanceof TributaryError) || error.code !== 'SERVER_NOT_RUNNING') throw error;
      return exportClosedLake(settings, { ...request, onProgress });
    })
    .finally(() => bar.end());
  const rows = manifest.tables.reduce((sum, { rowCount }) => sum + rowCount, 0);
  process.stderr.write(
    `${manifest.tables.length} tables with ${rows} rows as of ${manifest.time} (change ${manifest.sequence}).\n`,
  );
  process.stdout.write(`${request.directory}\n`);
}

class ExportBar {
  readonly #progress = createProgress({ stream: process.stderr, clock: systemClock });
  #isShown = false;

  show({ rowsDone, rowsTotal }: ExportProgress): void {
    if (!this.#isShown) this.#progress.start('Rows', rowsTotal);
    this.#isShown = true;
    this.#progress.update(rowsDone);
  }

  end(): void {
    if (this.#isShown) this.#progress.finish();
  }
}
