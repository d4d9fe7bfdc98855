import { systemClock } from '../foundation/clock.ts';
import { createLog } from '../foundation/log.ts';
import { version } from '../foundation/version.ts';
import type { ExportManifest, ExportOptions } from '../lake/engine.ts';
import type { ProjectSettings } from './project-options.ts';
import { requireLake } from './require-lake.ts';

/**
 * Exports a lake that no server has open, as a server that starts now would have it.
 *
 * @throws LAKE_MISSING, LAKE_LOCKED
 */
export async function exportClosedLake(
  settings: ProjectSettings,
  options: Pick<ExportOptions, 'directory' | 'mayReplace' | 'onProgress'>,
): Promise<ExportManifest> {
  const { directory, memoryLimitMb, threads, seedDirectory } = settings.config.lake;
  requireLake(directory);
  const { openProject } = await import('../gateway/open-project.ts');
  const { openLake } = await import('../lake/engine.ts');
  const { prepareLake } = await import('../seed/prepare-lake.ts');
  const { authored } = await openProject(settings);
  const log = createLog({ level: 'warn', destination: process.stderr });
  const lake = await openLake({
    directory,
    memoryLimit: `${memoryLimitMb}MiB`,
    threads: threads === 0 ? undefined : threads,
    log,
  });
  const { model } = authored;
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await prepareLake({ lake, model, seedDirectory, log });
    return await lake.exportParquet({
      ...options,
      model,
      version: version(),
      clock: systemClock,
      signal: controller.signal,
    });
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await lake.close();
  }
}
