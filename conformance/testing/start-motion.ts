import { onTestFinished } from 'vitest';
import { createKey } from '../../access/api-keys.ts';
import { systemClock } from '../../foundation/clock.ts';
import { loadConfig } from '../../foundation/config/load-config.ts';
import type { PartialConfig } from '../../foundation/config/schema.ts';
import { MetricPage } from '../../foundation/metrics/metric-page.ts';
import { createLog } from '../../foundation/log.ts';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import { buildProjectGraph } from '../../gateway/graph/build-graph.ts';
import { CurrentGraph } from '../../gateway/graph/current-graph.ts';
import { startTestFront, type TestFront } from '../../gateway/http/testing/start-test-front.ts';
import { openProject } from '../../gateway/open-project.ts';
import { serverRoutes } from '../../gateway/routes.ts';
import { openLake } from '../../lake/engine.ts';
import { MemoryMotion } from '../../motion/testing/memory-motion.ts';
import { prepareLake } from '../../seed/prepare-lake.ts';
import { askGraph, type GraphAnswer } from './ask-graph.ts';
import { repositoryDirectory } from './start-project.ts';

/** The graph of the example over HTTP, with events and syncs that a test plays. */
export interface MotionProject {
  readonly front: TestFront;
  readonly motion: MemoryMotion;
  readonly ask: (
    query: string,
    variables?: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<GraphAnswer>;
  /** The header of a new API key with this name. */
  readonly keyOf: (name: string) => Promise<Readonly<Record<string, string>>>;
  /** Another graph of the same files takes over. */
  readonly reload: () => Promise<void>;
}

/** Starts it, and closes it when the test is finished. */
export async function startMotion(
  flags: PartialConfig = {},
  projectDirectory = repositoryDirectory,
): Promise<MotionProject> {
  const project = await startMotionUntilClosed(tempFolder(), flags, projectDirectory);
  onTestFinished(() => project.close());
  return project;
}

/** The same for several tests; who starts it closes it. */
export async function startMotionUntilClosed(
  directory: string,
  flags: PartialConfig = {},
  projectDirectory = repositoryDirectory,
): Promise<MotionProject & { readonly close: () => Promise<void> }> {
  const environment = {};
  const lakeFlags = { directory, memoryLimitMb: 512 };
  const config = loadConfig({
    projectDirectory,
    environment,
    flags: { ...flags, lake: lakeFlags },
  });
  const log = createLog({ level: 'silent' });
  const project = await openProject({ projectDirectory, config, environment });
  const lake = await openLake({ directory });
  const { seedDirectory } = config.lake;
  await prepareLake({ lake, model: project.authored.model, seedDirectory, log });
  const motion = new MemoryMotion();
  const build = () => buildProjectGraph({ project, lake, motion, config, log });
  const current = new CurrentGraph(await build());
  const metrics = async (): Promise<MetricPage> => new MetricPage();
  const front = await startTestFront(
    serverRoutes(current, metrics, { services: motion, config }),
    flags,
  );
  return {
    front,
    motion,
    ask: (query, variables, headers) => askGraph(`${front.url}/graphql`, query, variables, headers),
    async keyOf(name) {
      const key = { directory: front.directory, name, clock: systemClock };
      return { 'x-api-key': (await createKey(key)).token };
    },
    reload: async () => current.replace(await build()),
    async close() {
      await front.stop();
      await current.stop();
      await lake.close();
    },
  };
}
