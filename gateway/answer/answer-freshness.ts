import { foldCase } from '../../mapping/lake-name.ts';
import { PartsRead, type DomainTable } from '../../mapping/parts-read.ts';
import type { Freshness } from '../../sync/sync-service.ts';

/** How old what an answer has of one domain is, as the answer's `extensions.freshness` says it. */
export interface DomainFreshness {
  readonly domain: string;
  /** Of the oldest table that was read. RFC 3339. */
  readonly watermark: string | null;
  readonly lastSuccess: string | null;
  /** Null for identities, which are never late, and where nobody knows. */
  readonly lagSeconds: number | null;
  /** The worst of the tables that were read. */
  readonly state: Freshness['state'];
}

/**
 * What is gathered about the age of one answer. It begins with how old the tables were before anything was read, so
 * that an answer never claims to be newer than it is.
 */
export class AnswerFreshness {
  readonly partsRead = new PartsRead();
  readonly #known: readonly Freshness[] | undefined;

  /** @param known undefined when that could not be found out */
  constructor(known: readonly Freshness[] | undefined) {
    this.#known = known;
  }

  /** An entry for each domain that was read, by name; null when their age could not be found out. */
  finish(): readonly DomainFreshness[] | null {
    const known = this.#known;
    if (known === undefined) return null;
    const byDomain = new Map<string, Age[]>();
    for (const table of this.partsRead.tables) {
      const ages = byDomain.get(table.domain) ?? [];
      byDomain.set(table.domain, [...ages, ageOf(table, known)]);
    }
    return [...byDomain]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([domain, ages]) => entryOf(domain, ages));
  }
}

type Age = Pick<Freshness, 'state' | 'watermark' | 'lastSuccess' | 'lagSeconds'>;

/** What nobody brings up to date has no age that could be told. */
const unknownAge: Age = { state: 'UNSYNCED', watermark: null, lastSuccess: null, lagSeconds: null };

function ageOf({ domain, table }: DomainTable, known: readonly Freshness[]): Age {
  return (
    known.find((one) => one.domain === domain && foldCase(one.table) === foldCase(table)) ??
    unknownAge
  );
}

function entryOf(domain: string, ages: readonly Age[]): DomainFreshness {
  const oldest = ages.reduce((one, other) => (lagOf(other) > lagOf(one) ? other : one));
  const worst = ages.reduce((one, other) => (rankOf(other) > rankOf(one) ? other : one));
  const isLive = oldest.state === 'LIVE';
  return {
    domain,
    watermark: isLive ? null : text(oldest.watermark),
    lastSuccess: isLive ? null : text(oldest.lastSuccess),
    lagSeconds: isLive ? null : oldest.lagSeconds,
    state: worst.state,
  };
}

/** An age that nobody knows counts as the highest. */
function lagOf({ state, lagSeconds }: Age): number {
  return state === 'LIVE' ? -1 : (lagSeconds ?? Infinity);
}

const fromBestToWorst: readonly Freshness['state'][] = [
  'LIVE',
  'FRESH',
  'STALE',
  'UNSYNCED',
  'NEVER',
];

function rankOf({ state }: Age): number {
  return fromBestToWorst.indexOf(state);
}

function text(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
