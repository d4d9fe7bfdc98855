import { LRUCache } from 'lru-cache';
import type { CacheMeter } from '../../foundation/metrics/cache-meter.ts';
import { bytesIn, piecesOf } from '../http/body-pieces.ts';
import type { RequestFacts } from '../http/route.ts';
import type { OperationUses } from '../request/known-operations.ts';
import type { LakeReads, LakeVersions } from '../../lake/engine.ts';

/** The body of an answer, and what it was made of. */
export interface KeptAnswer {
  /** A text where it was one: Node sends that together with the head. */
  readonly body: string | Uint8Array;
  /** What is told of it when it is given again. */
  readonly facts: RequestFacts;
  readonly uses: OperationUses;
  readonly reads: LakeReads;
  /** The version of the lake before anything was read. */
  readonly since: number;
}

/** As it was made. */
type FreshAnswer = Omit<KeptAnswer, 'body'> & { readonly body: string | readonly Uint8Array[] };

interface AnswerCacheOptions {
  readonly maxBytes: number;
  readonly versions: LakeVersions;
  readonly meter: CacheMeter;
}

/** A larger answer is seldom asked for again before something in it changes, and would push out many small ones. */
const largestShare = 16;
const mostBytes = 256 * 1_024;

/**
 * Whole answers by what was asked, each given out only while nothing of what it was made of was changed: see
 * `LakeVersions`. So nobody can tell an answer that was kept from one that was not, but for the time that it takes.
 *
 * Only what the hub answered alone is kept: of remote subgraphs and functions nobody knows when they would answer
 * something else. Of the hub, everybody who may ask gets the same answer; where that ceases to be so, who asks has to
 * become a part of what was asked.
 */
export class AnswerCache {
  readonly #versions: LakeVersions;
  readonly #largestBytes: number;
  readonly #answers: LRUCache<string, KeptAnswer>;
  readonly #meter: CacheMeter;

  constructor({ maxBytes, versions, meter }: AnswerCacheOptions) {
    this.#versions = versions;
    this.#largestBytes = Math.min(mostBytes, Math.ceil(maxBytes / largestShare));
    this.#answers = new LRUCache<string, KeptAnswer>({
      maxSize: maxBytes,
      maxEntrySize: this.#largestBytes,
      sizeCalculation: bytesOf,
      dispose: meter.dispose,
    });
    this.#meter = meter;
    meter.follow(this.#answers);
  }

  /** @param asked one text for all that decides what is answered */
  find(asked: string): KeptAnswer | undefined {
    const found = this.#answers.get(asked);
    if (found !== undefined && this.#versions.isCurrent(found.reads, found.since)) {
      this.#meter.hits++;
      return found;
    }
    this.#meter.misses++;
    if (found !== undefined) this.#answers.delete(asked);
    return undefined;
  }

  /** Large answers are let go before their pieces would be put together. */
  keep(asked: string, { body, ...answer }: FreshAnswer): void {
    if (bytesIn(piecesOf(body)) > this.#largestBytes) return;
    const whole = typeof body === 'string' ? body : Buffer.concat(body);
    this.#answers.set(asked, { ...answer, body: whole });
  }
}

function bytesOf({ body, reads }: KeptAnswer, asked: string): number {
  let bytes = 500 + Buffer.byteLength(body) + asked.length * 2;
  for (const id of reads.entities) bytes += 60 + id.length * 2;
  for (const table of reads.tables) bytes += 60 + table.length * 2;
  return bytes;
}
