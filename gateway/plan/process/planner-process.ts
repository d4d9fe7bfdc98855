import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { QueryPlan } from '@apollo/query-planner';
import { untilEnded, type EndSignal } from '../../../foundation/early-end.ts';
import { raise } from '../../../foundation/errors/tributary-error.ts';
import type { Log } from '../../../foundation/log.ts';
import type { NarrowedFields } from '../../../registry/narrowed-fields.ts';
import {
  toError,
  type PlannerMessage,
  type PlanOutcome,
  type PlanQuestion,
} from './plan-messages.ts';
import { startPlannerProcess } from './start-planner-process.ts';

interface PlannerProcessOptions {
  readonly supergraphSdl: string;
  readonly narrowed: NarrowedFields;
  readonly log: Log;
  /** Takes each plan, also where nobody waits for it any more: who asks again finds it. */
  readonly onPlan?: (key: string, made: MadePlan) => void;
  /** After that a plan is given up. */
  readonly longestMs?: number;
  /** Above that what is alive in the process ends it. */
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
 * Apollo's planner in a process of its own, where it holds up nobody, and may run out of memory without any harm to
 * others: a thread that does may take the server with it. The process starts with the first plan, makes one after the
 * other, and keeps no server alive by itself. Whoever asks for a plan that is under way already waits for
 * the same one; what nobody waits for any more is not begun.
 */
export class PlannerProcess {
  readonly #options: Required<PlannerProcessOptions>;
  readonly #pending = new Map<string, PendingPlan>();
  #process: ChildProcess | undefined;
  #current: PendingPlan | undefined;
  #isReady = false;
  #isStopped = false;

  constructor(options: PlannerProcessOptions) {
    this.#options = { ...defaults, ...options };
  }

  /** Whether the process is there and has loaded the supergraph. */
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
    const running = this.#process;
    this.#process = undefined;
    this.#current = undefined;
    this.#isReady = false;
    for (const pending of this.#pending.values()) pending.reject(lost);
    this.#pending.clear();
    if (running === undefined) return;
    // Until then it may have ended already, and nobody been told.
    const ended = once(running, 'close');
    running.kill('SIGKILL');
    await ended;
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
      this.#process?.unref();
      this.#process?.channel?.unref();
      return;
    }
    this.#current = next;
    const running = (this.#process ??= this.#start());
    running.ref();
    running.channel?.ref();
    tell(running, { kind: 'question', ...next.question });
  }

  #start(): ChildProcess {
    const { supergraphSdl, narrowed, longestMs, heapMb } = this.#options;
    const running = startPlannerProcess(heapMb);
    let problem: unknown;
    running.on('message', (outcome: PlanOutcome) => {
      if (running === this.#process) this.#take(outcome);
    });
    const lose = (reason: unknown): void => {
      if (running === this.#process) this.#lose(reason);
    };
    running.on('error', (error) => {
      problem = error;
      // Nothing more comes of one that could not be started.
      if (running.pid === undefined) lose(error);
    });
    running.once('close', (code, signal) => lose(problem ?? new Ended(code, signal)));
    tell(running, { kind: 'supergraph', supergraphSdl, narrowed, longestMs });
    return running;
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

  /** The next plan has a new process. */
  #lose(problem: unknown): void {
    this.#process = undefined;
    this.#isReady = false;
    const isOutOfMemory = problem instanceof Ended && problem.isOutOfMemory;
    this.#options.log.error({ err: problem }, 'the planner ended');
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

/** Where it cannot be told, the process has ended, and says so by itself. */
function tell(running: ChildProcess, message: PlannerMessage): void {
  running.send(message, () => undefined);
}

class Ended extends Error {
  /** What the runtime does when an allocation fails: it aborts. */
  readonly isOutOfMemory: boolean;

  constructor(code: number | null, signal: NodeJS.Signals | null) {
    super(`Its process ended with ${signal ?? code}.`);
    this.name = 'Ended';
    this.isOutOfMemory = signal === 'SIGABRT' || code === 134;
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
