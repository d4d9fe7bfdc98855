import type { QuarantinedRow } from '../sync/sync-service.ts';
import type { LedgerContext } from './ledger-context.ts';
import { readPageArguments, type PageArguments } from './read-page-arguments.ts';
import { rootField, type InputOf, type TypeResolvers } from './resolver.ts';
import { isJsonObject } from '../foundation/json-object.ts';

interface RunSync {
  readonly domain: string;
  readonly table?: string | null;
  readonly mode?: 'DELTA' | 'SNAPSHOT' | null;
}

interface QuarantineArguments extends PageArguments {
  readonly domain?: string | null;
  readonly kind?: QuarantinedRow['kind'] | null;
}

const queries: TypeResolvers = {
  freshness: rootField(({ domain }: { readonly domain?: string | null }, { services }) =>
    services.sync.freshness(domain ?? undefined),
  ),
  quarantinedRows: rootField(async (args: QuarantineArguments, { services, limits }) => {
    const page = readPageArguments('quarantinedRows', args, limits.pageSize);
    const { items, totalCount, endCursor } = await services.sync.quarantined({
      ...page,
      domain: args.domain ?? undefined,
      kind: args.kind ?? undefined,
    });
    return { nodes: items, totalCount, endCursor };
  }),
};

const mutations: TypeResolvers = {
  runSync: rootField(({ input }: InputOf<RunSync>, context) => runWithin(input, context)),
  replayQuarantined: rootField(
    async (
      { input: { ids, fix } }: InputOf<{ readonly ids: readonly string[]; readonly fix?: unknown }>,
      { services },
    ) => {
      const isGiven = fix !== undefined && fix !== null;
      if (isGiven && !isJsonObject(fix)) {
        return { released: 0, remaining: ids.length, problems: [fixIsNoObject] };
      }
      return services.sync.replayQuarantined(ids, isGiven ? fix : undefined);
    },
  ),
  discardQuarantined: rootField(
    ({ input: { ids } }: InputOf<{ readonly ids: readonly string[] }>, { services }) =>
      services.sync.discardQuarantined(ids),
  ),
};

export const syncResolvers: Readonly<Record<string, TypeResolvers>> = {
  Query: queries,
  Mutation: mutations,
};

const fixIsNoObject = {
  code: 'INVALID',
  message: 'A fix is an object of columns and their new values, such as { "tier": "GOLD" }.',
  field: 'fix',
};

/** A sync may take longer than a question: then it goes on, and the answer says so. */
function runWithin(
  { domain, table, mode }: RunSync,
  { services, scheduler, limits }: LedgerContext,
): Promise<unknown> {
  const run = services.sync.runNow({
    domain,
    table: table ?? undefined,
    mode: mode === 'SNAPSHOT' ? 'snapshot' : 'delta',
  });
  return new Promise((resolve, reject) => {
    const stopWaiting = scheduler.after(limits.syncWaitMs, () =>
      resolve({ runs: null, problems: [stillRunning(domain)] }),
    );
    run.then(resolve, reject).finally(stopWaiting);
  });
}

function stillRunning(domain: string) {
  const message = `The sync of ${domain} goes on; freshness(domain: "${domain}") tells when it is over.`;
  return { code: 'STILL_RUNNING', message };
}
