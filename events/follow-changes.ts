import type { ChangeFeed } from '../ledger/change.ts';
import type { LakeModel } from '../mapping/model.ts';
import { readCursor } from './event-cursor.ts';
import { checkFilter, toEdge } from './event-filter.ts';
import type { EventEdge, EventFilter } from './event-service.ts';

/** Few, since each follower holds so many. */
const readSize = 100;

interface FollowOptions {
  readonly filter: EventFilter;
  /** After this place; from now on by default. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  readonly feed: ChangeFeed;
  readonly model: () => LakeModel;
}

/**
 * Events as they come. The log is read only when somebody asks for the next event, so that a slow reader costs no
 * memory. It is no generator: one that waits cannot be told to return, and clients that leave do just that.
 *
 * @throws EVENT_CURSOR_INVALID, EVENT_FILTER_INVALID
 */
export function followChanges(options: FollowOptions): AsyncIterableIterator<EventEdge> {
  return new ChangeFollower(options);
}

class ChangeFollower implements AsyncIterableIterator<EventEdge> {
  readonly #options: FollowOptions;
  readonly #stopListening: () => void;
  readonly #onAbort = (): void => this.#end();
  #edges: EventEdge[] = [];
  #position: number;
  #turn: Promise<unknown> = Promise.resolve();
  #wake: (() => void) | undefined;
  #isOver = false;

  constructor(options: FollowOptions) {
    const { filter, after, signal, feed, model } = options;
    checkFilter(filter, model());
    this.#options = options;
    this.#position = after === undefined ? feed.head : readCursor(after);
    this.#stopListening = feed.onCommit(() => this.#wake?.());
    if (signal.aborted) this.#end();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<EventEdge>> {
    const next = this.#turn.then(() => this.#next());
    // Who asks again before the answer came waits for it; what went wrong is told to who asked first.
    this.#turn = next.catch(() => this.#end());
    return next;
  }

  return(): Promise<IteratorResult<EventEdge>> {
    this.#end();
    return Promise.resolve({ done: true, value: undefined });
  }

  async #next(): Promise<IteratorResult<EventEdge>> {
    while (!this.#isOver && this.#edges.length === 0) await this.#read();
    const value = this.#edges.shift();
    return this.#isOver || value === undefined
      ? { done: true, value: undefined }
      : { done: false, value };
  }

  async #read(): Promise<void> {
    const { feed, filter, model } = this.#options;
    const isNew = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#position >= feed.head) {
      await isNew;
      return;
    }
    const { changes, position } = await feed.read({ after: this.#position, limit: readSize });
    // A log that says there is more and gives none is asked again after its next commit, not in a circle.
    if (position <= this.#position) await isNew;
    this.#position = Math.max(this.#position, position);
    this.#edges = changes.flatMap((change) => toEdge(change, filter, model()) ?? []);
  }

  #end(): void {
    this.#isOver = true;
    this.#edges = [];
    this.#stopListening();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#wake?.();
  }
}
