import { join } from 'node:path';
import { buildSubgraph } from '../../domains/build-subgraph.ts';
import { loadResolvers } from '../../domains/load-resolvers.ts';
import { systemClock, type Clock } from '../../foundation/clock.ts';
import { createHub, type Hub } from '../../hub/hub.ts';
import { hubName } from '../../hub/derive/names.ts';
import type { Lake } from '../../lake/engine.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { MotionServices } from '../../motion/motion-services.ts';
import { ledgerName } from '../../motion/names.ts';
import { LakeListSizes } from '../limits/cost/lake-list-sizes.ts';
import type { ComposedProject } from './compose-project.ts';
import { createRefusalExplainer } from '../answer/explain-refusals.ts';
import { freshnessOfAnswers, type ReadFreshness } from '../answer/known-freshness.ts';
import { scalarsOfLake } from './known-scalars.ts';
import { serveLedger, type LedgerSubgraphServer } from './ledger-server.ts';
import { serveDomain, serveHub, type LocalSubgraph } from './local-subgraphs.ts';
import type { Graph } from './graph.ts';
import { startGraph, type GraphOptions } from './start-graph.ts';

interface ProjectGraphOptions extends GraphOptions {
  readonly project: ComposedProject;
  readonly lake: Lake;
  /** Takes changes; without it mutations of identities are refused. */
  readonly ledger?: Ledger | undefined;
  /** What is behind events and syncs; without it questions about them are refused. */
  readonly motion?: MotionServices | undefined;
  /** How old the tables of the lake are, where answers are to tell; what the syncs say by default. */
  readonly freshness?: ReadFreshness | undefined;
  readonly clock?: Clock | undefined;
  /** Lets the gateway plan also what the hub could be handed as it is; the answers are the same. */
  readonly isPlannedAlways?: boolean | undefined;
}

/** The graph of a project: hub and domains in this process, over its lake. */
export async function buildProjectGraph(options: ProjectGraphOptions): Promise<Graph> {
  const { project, lake, ledger, motion } = options;
  const redirects = ledger?.redirects;
  const { domains, model } = project.authored;
  const freshnessOf = freshnessOfAnswers({
    read: options.freshness ?? (motion && (() => motion.sync.freshness())),
    clock: options.clock ?? systemClock,
    log: options.log,
  });
  const locals = new Map<string, LocalSubgraph>();
  let shortcut: Hub | undefined;
  const transpiledDirectory = join(options.config.lake.directory, 'transpiled');
  for (const domain of domains) {
    const resolvers = await loadResolvers(domain, transpiledDirectory);
    const service = buildSubgraph({
      domain,
      model,
      lake,
      resolvers,
      identities: ledger,
      redirects,
    });
    locals.set(domain.name, await serveDomain(service, freshnessOf, options));
  }
  if (project.hubSchema !== undefined) {
    const { limits } = options.config.graph;
    const hub = createHub({
      hubSchema: project.hubSchema,
      lake,
      limits,
      redirects,
      entityCacheBytes: options.config.graph.entityCacheMb * 2 ** 20,
      meter: options.telemetry?.graphs.hub,
    });
    locals.set(hubName, await serveHub(hub, freshnessOf, options));
    // The gateway keeps back what is inaccessible, such as a value of an enum; the hub alone would not.
    const showsTooMuch = project.supergraphSdl.includes('@inaccessible');
    if (!showsTooMuch && options.isPlannedAlways !== true) shortcut = hub;
  }
  const moving = await serveMoving(options);
  if (moving !== undefined) locals.set(ledgerName, moving);
  // Who may not read the schema is not told who owns what either.
  const explainRefusal = options.config.graph.introspection
    ? createRefusalExplainer(project.authored)
    : undefined;
  const scalars = scalarsOfLake(project.authored);
  const { clock = systemClock, log } = options;
  const listSizes = await LakeListSizes.read({ model, ...project, lake, clock, log });
  return startGraph(project.supergraphSdl, locals, options, {
    scalars,
    lake,
    hub: shortcut,
    explainRefusal,
    streams: moving?.streams,
    freshnessOf,
    listSizes,
  });
}

/** The graph of any supergraph, all of whose subgraphs are remote. */
export function buildRemoteGraph(supergraphSdl: string, options: GraphOptions): Promise<Graph> {
  return startGraph(supergraphSdl, new Map(), options, { isGuarded: true });
}

async function serveMoving({
  project: { ledgerSchema },
  motion,
  config,
  log,
}: ProjectGraphOptions): Promise<LedgerSubgraphServer | undefined> {
  return ledgerSchema && serveLedger({ ledgerSchema, motion, config, log });
}
