import type { Clock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { Freshness } from '../../sync/sync-service.ts';
import type { FrontRequest } from '../http/route.ts';
import { AnswerFreshness } from './answer-freshness.ts';
import { isFreshnessAsked } from './freshness-header.ts';

/** How old every table of the lake is. */
export type ReadFreshness = () => Promise<readonly Freshness[]>;

/** One reading serves all who ask within a second. */
const keptForMs = 1_000;

interface KnownFreshnessOptions {
  /** Undefined on a server that does not keep syncs. */
  readonly read: ReadFreshness | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** What gathers the age of an answer, for a request that wants to know it. */
export type FreshnessOf = (request: FrontRequest) => Promise<AnswerFreshness | undefined>;

/**
 * An age that cannot be found out is no reason to withhold an answer; it is only not told then.
 * @throws FRESHNESS_UNKNOWN, FRESHNESS_UNAVAILABLE
 */
export function freshnessOfAnswers({ read, clock, log }: KnownFreshnessOptions): FreshnessOf {
  let kept:
    | { readonly tables: Promise<readonly Freshness[]>; readonly untilMs: number }
    | undefined;
  return async (request) => {
    if (!isFreshnessAsked(request)) return undefined;
    if (read === undefined) throw raise('FRESHNESS_UNAVAILABLE', {});
    const nowMs = clock.monotonicMs();
    if (kept === undefined || nowMs >= kept.untilMs)
      kept = { tables: read(), untilMs: nowMs + keptForMs };
    const { tables } = kept;
    try {
      return new AnswerFreshness(await tables);
    } catch (error) {
      if (kept?.tables === tables) kept = undefined;
      log.error({ err: error, requestId: request.id }, 'the age of an answer was not found out');
      return new AnswerFreshness(undefined);
    }
  };
}
