import type { Change } from './change.ts';

/** So many changes are kept in memory for those who follow the log closely. */
const capacity = 4_096;

/** The newest changes of identities, exactly as the log has them: whoever follows closely need not ask the lake. */
export class RecentChanges {
  /** Everything after this sequence is here. */
  #start: number | undefined;
  #changes: Change[] = [];

  /** @param from the log's sequence before these changes, `to` after them */
  add(changes: readonly Change[], from: number, to: number): void {
    if (to === from) return;
    this.#start ??= from;
    this.#changes.push(...changes);
    if (this.#changes.length <= 2 * capacity) return;
    const removed = this.#changes.splice(0, this.#changes.length - capacity);
    this.#start = removed.at(-1)?.sequence ?? this.#start;
  }

  /** Changes after a position; undefined when some of them may be missing here. */
  after(position: number, limit: number): readonly Change[] | undefined {
    if (this.#start === undefined || position < this.#start) return undefined;
    const first = firstAfter(this.#changes, position);
    return this.#changes.slice(first, first + limit);
  }
}

function firstAfter(changes: readonly Change[], position: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((changes[middle]?.sequence ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
