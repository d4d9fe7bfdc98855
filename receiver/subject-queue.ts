import { Rejection } from './rejection.ts';

/** A hub that sends again what has timed out must not pile up work behind a handler that hangs. */
const mostWaiting = 50;

interface Line {
  last: Promise<unknown>;
  length: number;
}

/** Does the work for one subject one after the other, for different subjects at once. */
export class SubjectQueue {
  readonly #lines = new Map<string, Line>();

  /** @throws {Rejection} BUSY */
  async run<Result>(subject: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.#lines.get(subject) ?? { last: Promise.resolve(), length: 0 };
    if (line.length >= mostWaiting) throw new Rejection('BUSY');
    this.#lines.set(subject, line);
    line.length += 1;
    const result = line.last.then(work);
    line.last = result.catch(() => {});
    try {
      return await result;
    } finally {
      line.length -= 1;
      if (line.length === 0) this.#lines.delete(subject);
    }
  }
}
