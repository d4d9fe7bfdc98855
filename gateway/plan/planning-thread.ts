import type { Worker } from 'node:worker_threads';
import type { QueryPlan } from '@apollo/query-planner';
import { untilEnded, type EndSignal } from '../../foundation/early-end.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import type { NarrowedFields } from '../../registry/narrowed-fields.ts';
import { toError, type PlanOutcome, type PlanQuestion } from './plan-messages.ts';
import { startPlanningThread } from './start-planning-thread.ts';

interface PlanningThreadOptions {
  readonly supergraphSdl: string;
  readonly narrowed: NarrowedFields;
  readonly log: Log;
  /** Takes each plan, also where nobody waits for it any more: who asks again finds it. */
  readonly onPlan?: (key: string, made: MadePlan) => void;
  /** After that a plan is given up. */
  readonly longestMs?: number;
  /** Above that what is alive in the thread ends it. */
  readonly heapMb?: number;
  /** Plans that may be under way and wait; more are refused. */
  readonly mostPlans?: number;
}

export interface MadePlan {
  readonly plan: QueryPlan;
  /** Length of its JSON. */
  readonly length: number;
}

const defaults = {
  onPlan: () => undefined,
  // The largest questions that are allowed take some tenths of a second, on a very busy machine a few.
  longestMs: 10_000,
  // The planner of an ordinary supergraph and its largest plans take a tenth of it.
  heapMb: 512,
  // As many as are usually made within the time of a request, on a very busy machine too.
  mostPlans: 20,
};

/** That a plan took more memory than it may. */
export class OutOfMemory extends Error {
  readonly heapMb: number;

  constructor(heapMb: number) {
    super(`It took more than ${heapMb} MiB.`);
    this.name = 'OutOfMemory';
    this.heapMb = heapMb;
  }
}

/**
 * Apollo's planner in a thread of its own, where it holds up nobody. The thread starts with the first plan, makes one
 * after the other, and keeps no process alive by itself. Whoever asks for a plan that is under way already waits for
 * the same one; what nobody waits for any more is not begun.
 */
export class PlanningThread {
  readonly #options: Required<PlanningThreadOptions>;
  readonly #pending = new Map<string, PendingPlan>();
  #worker: Worker | undefined;
  #current: PendingPlan | undefined;
  #isReady = false;
  #isStopped = false;

  constructor(options: PlanningThreadOptions) {
    this.#options = { ...defaults, ...options };
  }

  /** Whether the thread is there and has loaded the supergraph. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /**
   * @param key the same for equal questions alone
   * @throws PLANNER_BUSY, PLANNER_LOST, LAKE_CANCELLED, OutOfTime, OutOfMemory, and what the planner throws
   */
  async plan(key: string, question: () => PlanQuestion, signal: EndSignal): Promise<MadePlan> {
    const pending = this.#pending.get(key) ?? this.#add(key, question);
    pending.waiting++;
    try {
      return await untilEnded(pending.made, signal);
    } catch (error) {
      // Nobody hears of this any more.
      throw signal.aborted ? raise('LAKE_CANCELLED', {}, { cause: error }) : error;
    } finally {
      pending.waiting--;
      if (pending.waiting === 0 && pending !== this.#current) this.#remove(pending);
    }
  }

  /** Gives up what is under way, and takes nothing more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const lost = raise('PLANNER_LOST', {});
    const worker = this.#worker;
    this.#worker = undefined;
    this.#current = undefined;
    this.#isReady = false;
    for (const pending of this.#pending.values()) pending.reject(lost);
    this.#pending.clear();
    await worker?.terminate();
  }

  #add(key: string, question: () => PlanQuestion): PendingPlan {
    const { mostPlans } = this.#options;
    if (this.#isStopped) throw raise('PLANNER_LOST', {});
    if (this.#pending.size >= mostPlans) {
      throw raise('PLANNER_BUSY', { limit: mostPlans }, { retryAfterSeconds: 1 });
    }
    const pending = new PendingPlan(key, question());
    this.#pending.set(key, pending);
    this.#next();
    return pending;
  }

  #remove(pending: PendingPlan): void {
    if (this.#pending.get(pending.key) === pending) this.#pending.delete(pending.key);
  }

  #next(): void {
    if (this.#current !== undefined) return;
    const [next] = this.#pending.values();
    if (next === undefined) {
      this.#worker?.unref();
      return;
    }
    this.#current = next;
    try {
      const worker = (this.#worker ??= this.#start());
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      worker.postMessage(next.question);
    } catch (error) {
      this.#lose(error);
    }
  }

  #start(): Worker {
    const { supergraphSdl, narrowed, longestMs, heapMb } = this.#options;
    const worker = startPlanningThread({ supergraphSdl, narrowed, longestMs }, heapMb);
    let problem: unknown;
    worker.on('message', (outcome: PlanOutcome) => {
      if (worker === this.#worker) this.#take(outcome);
    });
    worker.once('error', (error) => (problem = error));
    worker.once('exit', () => {
      if (worker === this.#worker) this.#lose(problem);
    });
    return worker;
  }

  #take(outcome: PlanOutcome): void {
    if (outcome.kind === 'ready') {
      this.#isReady = true;
      return;
    }
    this.#finish((pending) => {
      if (outcome.kind === 'failed') pending.reject(toError(outcome.failure));
      else {
        const { json } = outcome;
        const made: MadePlan = { plan: JSON.parse(json) as QueryPlan, length: json.length };
        this.#options.onPlan(pending.key, made);
        pending.resolve(made);
      }
    });
  }

  /** The next plan has a new thread. */
  #lose(problem: unknown): void {
    this.#worker = undefined;
    this.#isReady = false;
    const isOutOfMemory =
      problem instanceof Error && 'code' in problem && problem.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#options.log.error({ err: problem }, 'the planning thread ended');
    this.#finish((pending) =>
      pending.reject(
        isOutOfMemory
          ? new OutOfMemory(this.#options.heapMb)
          : raise('PLANNER_LOST', {}, { cause: problem }),
      ),
    );
  }

  #finish(settle: (pending: PendingPlan) => void): void {
    const pending = this.#current;
    this.#current = undefined;
    if (pending !== undefined) {
      this.#remove(pending);
      settle(pending);
    }
    this.#next();
  }
}

class PendingPlan {
  readonly key: string;
  readonly question: PlanQuestion;
  readonly made: Promise<MadePlan>;
  resolve!: (made: MadePlan) => void;
  reject!: (problem: unknown) => void;
  waiting = 0;

  constructor(key: string, question: PlanQuestion) {
    this.key = key;
    this.question = question;
    this.made = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Those who waited for it may all be gone.
    this.made.catch(() => undefined);
  }
}
