import type { DeadLetter, Subscriber } from '../events/event-service.ts';
import type { LedgerContext } from './ledger-context.ts';

/** Something that was wrong with an input, as the graph tells it. */
export interface MotionProblem {
  readonly code: string;
  readonly message: string;
  readonly field?: string | undefined;
}

/** The subscribers that the caller may see and manage. */
export async function ownSubscribers({
  services,
  caller,
}: LedgerContext): Promise<readonly Subscriber[]> {
  const all = await services.events.subscribers();
  return caller.seesAll ? all : all.filter(({ owner }) => owner === caller.actor);
}

/** One of them; somebody else's is as good as none. */
export async function ownSubscriber(
  id: string,
  { services, caller }: LedgerContext,
): Promise<Subscriber | undefined> {
  const found = await services.events.subscriber(id);
  return found !== undefined && (caller.seesAll || found.owner === caller.actor)
    ? found
    : undefined;
}

export function noSubscriber(id: string, field: string): MotionProblem {
  const message = `You have no subscriber with the id "${id.slice(0, 80)}". eventSubscribers lists those that you have.`;
  return { code: 'NOT_FOUND', message, field };
}

interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  readonly endCursor: string | null;
}

const mostPagesLookedAt = 50;
const lookedAtPageSize = 200;

/** Dead letters of the caller's subscribers, of one of them or of all. */
export async function ownDeadLetters(
  page: { readonly first: number; readonly after: string | undefined },
  subscriber: string | undefined,
  context: LedgerContext,
): Promise<DeadLetterPage> {
  const { events } = context.services;
  if (context.caller.seesAll) return events.deadLetters({ ...page, subscriber });
  const own = await ownSubscribers(context);
  const ids = new Set(own.map(({ id }) => id));
  if (subscriber !== undefined) {
    return ids.has(subscriber) ? events.deadLetters({ ...page, subscriber }) : nothing;
  }
  const [only] = ids;
  if (only === undefined || page.first === 0) return nothing;
  if (ids.size === 1) return events.deadLetters({ ...page, subscriber: only });
  return pickOwn(page, ids, context);
}

const nothing: DeadLetterPage = { items: [], endCursor: null };

/** Looks through everybody's, no further than a while: then the page is short, and its cursor leads on. */
async function pickOwn(
  { first, after }: { readonly first: number; readonly after: string | undefined },
  ids: ReadonlySet<string>,
  { services }: LedgerContext,
): Promise<DeadLetterPage> {
  const items: DeadLetter[] = [];
  let cursor = after;
  for (let looked = 0; looked < mostPagesLookedAt && items.length < first; looked++) {
    const size = Math.min(lookedAtPageSize, first - items.length);
    const page = await services.events.deadLetters({ first: size, after: cursor });
    items.push(...page.items.filter(({ subscriber }) => ids.has(subscriber)));
    if (page.endCursor === null || page.items.length === 0) return { items, endCursor: null };
    cursor = page.endCursor;
  }
  return { items, endCursor: cursor ?? null };
}

/** Those of the ids that are not dead letters of the caller's subscribers. */
export async function foreignDeadLetters(
  ids: readonly string[],
  context: LedgerContext,
): Promise<readonly string[]> {
  if (context.caller.seesAll) return [];
  const missing = new Set(ids);
  for (const { id: subscriber } of await ownSubscribers(context)) {
    let after: string | undefined;
    for (let looked = 0; looked < mostPagesLookedAt && missing.size > 0; looked++) {
      const page = await context.services.events.deadLetters({
        subscriber,
        first: lookedAtPageSize,
        after,
      });
      for (const { id } of page.items) missing.delete(id);
      if (page.endCursor === null || page.items.length < lookedAtPageSize) break;
      after = page.endCursor;
    }
  }
  return [...missing];
}
