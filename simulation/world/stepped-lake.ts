import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Lake, LakeChanges } from '../../lake/engine.ts';
import { deferred, type Deferred } from './deferred.ts';
import { SteppedTransaction, type WriteJob } from './stepped-transaction.ts';

/** What goes wrong with a step: the disk fails, or the power, before or after what it does. */
export type DiskFault = 'none' | 'fails' | 'crash before' | 'crash after';

/** The smallest thing that the lake does; between two of them anything may happen. */
export interface LakeStep {
  readonly kind: 'read' | 'begin' | 'statement' | 'commit' | 'rollback';
  /** Resolves when it is done and was told. Of the faults only a commit knows crashes. */
  run(fault: DiskFault): Promise<void>;
}

/** A lake as one process sees it. */
export interface LakeVisit {
  readonly lake: Lake;
  /** The process is no more: it hears nothing, and what it has not committed is rolled back. */
  end(): Promise<void>;
}

interface PendingRead {
  readonly visit: object;
  readonly run: (isBroken: boolean) => Promise<void>;
}

/**
 * The real lake, taken apart: every statement, begin and commit waits until the world runs it, one at a time, in an
 * order that follows from the seed. So real DuckDB does real work, and still each run of a seed is the same.
 */
export class SteppedLake {
  readonly #lake: Lake;
  /** Runs within each commit, after it is on disk and before anybody is told. */
  readonly #onCommit: () => Promise<void>;
  readonly #reads: PendingRead[] = [];
  readonly #line: SteppedTransaction[] = [];
  #open: SteppedTransaction | undefined;

  constructor(lake: Lake, onCommit: () => Promise<void>) {
    this.#lake = lake;
    this.#onCommit = onCommit;
  }

  /** What could be done now; which of it comes first is for the world to say. */
  get steps(): readonly LakeStep[] {
    const reads = this.#reads.map((read): LakeStep => ({
      kind: 'read',
      run: (fault) => {
        this.#reads.splice(this.#reads.indexOf(read), 1);
        return read.run(fault === 'fails');
      },
    }));
    const write = this.#writeStep();
    return write === undefined ? reads : [...reads, write];
  }

  visit(): LakeVisit {
    const visit = {};
    let isOver = false;
    const read: Lake['read'] = (statement, options) => {
      const answer = deferred<Awaited<ReturnType<Lake['read']>>>();
      const run = async (isBroken: boolean): Promise<void> => {
        const reason = 'the disk of the simulation failed';
        try {
          if (isBroken) throw raise('LAKE_QUERY_FAILED', { reason, statement: 'a read' });
          answer.resolve(await this.#lake.read(statement, options));
        } catch (error) {
          answer.reject(error);
        }
      };
      if (!isOver) this.#reads.push({ visit, run });
      return answer.promise;
    };
    const write = <Result>(
      job: WriteJob<Result>,
      onCommit?: () => LakeChanges,
    ): Promise<Result> => {
      const answer = deferred<Result>();
      if (!isOver)
        this.#line.push(
          new SteppedTransaction(this.#lake, visit, job, onCommit, answer as Deferred<unknown>),
        );
      return answer.promise;
    };
    return {
      // Whatever else the product comes to use of it fails loudly here.
      lake: { read, write } as unknown as Lake,
      end: async () => {
        isOver = true;
        keepOthers(this.#reads, visit);
        keepOthers(this.#line, visit);
        if (this.#open?.visit !== visit) return;
        await this.#open.abandon();
        this.#open = undefined;
      },
    };
  }

  #writeStep(): LakeStep | undefined {
    const [first] = this.#line;
    const open = this.#open;
    if (open === undefined)
      return (
        first && {
          kind: 'begin',
          run: async () => {
            this.#line.shift();
            this.#open = first;
            await first.begin();
          },
        }
      );
    switch (open.state) {
      case 'working':
        // A job that waits for something else than the lake has nothing to run.
        return open.hasStatement
          ? { kind: 'statement', run: (fault) => open.runStatement(fault === 'fails') }
          : undefined;
      case 'done':
        return { kind: 'commit', run: (fault) => this.#commit(open, fault) };
      case 'failed':
        return {
          kind: 'rollback',
          run: async () => {
            await open.rolledBack();
            this.#open = undefined;
            open.tell();
          },
        };
    }
  }

  async #commit(open: SteppedTransaction, fault: DiskFault): Promise<void> {
    switch (fault) {
      case 'crash before':
        return;
      case 'fails':
        await open.failCommit();
        this.#open = undefined;
        open.tell();
        return;
      case 'none':
      case 'crash after':
        await open.commit(fault === 'none');
        this.#open = undefined;
        await this.#onCommit();
        if (fault === 'none') open.tell();
    }
  }
}

function keepOthers(list: { readonly visit: object }[], visit: object): void {
  const others = list.filter((one) => one.visit !== visit);
  list.splice(0, list.length, ...others);
}
