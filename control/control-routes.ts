import { z } from 'zod';
import type { EventService } from '../events/event-service.ts';
import { raise } from '../foundation/errors/tributary-error.ts';
import type { ExportManifest, ExportOptions } from '../lake/engine.ts';
import type { Problem } from '../ledger/identity-command.ts';
import type { Freshness, RunReport, SyncService } from '../sync/sync-service.ts';
import type { ControlCall, ControlRoute } from './start-control.ts';

/** What of the server the commands use. */
export interface ControlServices {
  readonly events: Pick<EventService, 'subscribers'>;
  readonly sync: Pick<
    SyncService,
    'freshness' | 'runNow' | 'quarantined' | 'replayQuarantined' | 'discardQuarantined'
  >;
  /** Exports the lake with the model of now. */
  readonly exportTo: (
    options: Pick<ExportOptions, 'directory' | 'mayReplace' | 'onProgress' | 'signal'>,
  ) => Promise<ExportManifest>;
}

/** What came of syncs: their reports, and why others did not run. */
export interface SyncOutcome {
  readonly runs: readonly RunReport[];
  readonly problems: readonly Problem[];
}

const exportInput = z.object({ directory: z.string().min(1), mayReplace: z.boolean() });
const syncInput = z.object({
  domain: z.string().optional(),
  table: z.string().optional(),
  mode: z.enum(['delta', 'snapshot']),
});
const quarantineInput = z.object({
  domain: z.string().optional(),
  kind: z.enum(['WAITING', 'BAD', 'MERGED']).optional(),
  first: z.int().min(1).max(10_000),
  after: z.string().optional(),
});
const idsInput = z.object({ ids: z.array(z.string()).min(1) });
const replayInput = idsInput.extend({ fix: z.record(z.string(), z.unknown()).optional() });

/** What commands may ask of a server, by name. */
export function controlRoutes({ events, sync, exportTo }: ControlServices) {
  return {
    export: ({ input, onProgress, signal }: ControlCall) =>
      exportTo({ ...read(exportInput, input), onProgress, signal }),
    sync: ({ input }: ControlCall) => runSyncs(sync, read(syncInput, input)),
    freshness: () => sync.freshness(),
    'quarantine-list': ({ input }: ControlCall) => sync.quarantined(read(quarantineInput, input)),
    'quarantine-replay': ({ input }: ControlCall) => {
      const { ids, fix } = read(replayInput, input);
      return sync.replayQuarantined(ids, fix);
    },
    'quarantine-discard': ({ input }: ControlCall) =>
      sync.discardQuarantined(read(idsInput, input).ids),
    subscribers: () => events.subscribers(),
  } satisfies Readonly<Record<string, ControlRoute>>;
}

export type ControlRoutes = ReturnType<typeof controlRoutes>;

function read<Input>(schema: z.ZodType<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw raise('CONTROL_INVALID', { problem: z.prettifyError(parsed.error) });
}

/** The syncs of one domain, or of all that have any; how many run at once is theirs to say. */
async function runSyncs(
  sync: ControlServices['sync'],
  { domain, table, mode }: z.infer<typeof syncInput>,
): Promise<SyncOutcome> {
  const domains = domain === undefined ? syncedDomains(await sync.freshness()) : [domain];
  const outcomes = await Promise.all(
    domains.map((name) => sync.runNow({ domain: name, table, mode })),
  );
  return {
    runs: outcomes.flatMap(({ runs }) => runs ?? []),
    // What is pushed has nothing to fetch, which concerns only who asked for it.
    problems: outcomes
      .flatMap(({ problems }) => [...problems])
      .filter(({ code }) => domain !== undefined || code !== 'INVALID'),
  };
}

function syncedDomains(tables: readonly Freshness[]): readonly string[] {
  const synced = tables.filter(({ state }) => state !== 'LIVE' && state !== 'UNSYNCED');
  return [...new Set(synced.map(({ domain }) => domain))];
}
