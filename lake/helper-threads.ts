import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import type { LakeConnection } from './lake-connection.ts';
import { literal, sql, toStatement } from './sql.ts';

/** How much of the lake some work reads or writes. Small work ends within milliseconds. */
export type Extent = 'small' | 'large';

/** For so long after large work more of it is expected, and after a change nothing else is tried. */
const lingerMs = 250;

/** Small work that takes longer than this is not waited for. */
const patienceMs = 50;

interface HelperThreadsOptions {
  /** For this alone. `close` closes it. */
  readonly connection: LakeConnection;
  readonly clock: Clock;
  readonly log: Log | undefined;
}

/**
 * The threads that DuckDB has beside those that its callers bring. They make a statement that reads a whole table
 * faster; but one of them is woken for each step of every statement, which is a tenth to a sixth of what a look-up
 * costs. So they are there while anybody does large work, and go soon after.
 *
 * They come and go while nothing runs: under a statement that sorts, the process would die of it (SIGFPE). Whoever
 * begins meanwhile waits a moment, and then does with the threads as they are.
 */
export class HelperThreads {
  readonly #options: HelperThreadsOptions;
  readonly #threads: number;
  readonly #running: Record<Extent, number> = { small: 0, large: 0 };
  #areThere = true;
  /** Until then nothing changes but for large work. */
  #settledUntilMs: number;
  /** Until then nothing changes at all. */
  #refusedUntilMs = 0;
  #change: Promise<void> | undefined;
  #onStill: (() => void) | undefined;

  private constructor(options: HelperThreadsOptions, threads: number) {
    this.#options = options;
    this.#threads = threads;
    this.#settledUntilMs = options.clock.monotonicMs() + lingerMs;
  }

  static async of(options: HelperThreadsOptions): Promise<HelperThreads> {
    const setting = sql`SELECT current_setting('threads')`;
    const { columns } = await options.connection.readUnobserved(toStatement(setting));
    return new HelperThreads(options, Number(columns[0]?.[0]));
  }

  get areThere(): boolean {
    return this.#areThere && this.#threads > 1;
  }

  /** Runs work with the threads that suit it. Small work must not wait for other work that begins here. */
  async during<Result>(extent: Extent, work: () => Promise<Result>): Promise<Result> {
    const ready = this.begin(extent);
    if (ready !== undefined) await ready;
    try {
      return await work();
    } finally {
      this.end(extent);
    }
  }

  /**
   * Says that work begins; `end` has to follow.
   *
   * @returns what to wait for first, if anything
   */
  begin(extent: Extent): Promise<void> | undefined {
    if (this.#change === undefined && !this.#mayBegin(extent)) {
      this.#change = this.#changeWhenStill().finally(() => {
        this.#change = undefined;
      });
    }
    if (this.#change !== undefined) return this.#change.then(() => this.begin(extent));
    this.#running[extent] += 1;
    return undefined;
  }

  end(extent: Extent): void {
    this.#running[extent] -= 1;
    if (extent === 'large') this.#settledUntilMs = this.#options.clock.monotonicMs() + lingerMs;
    if (this.#isStill) this.#onStill?.();
  }

  close(): void {
    this.#options.connection.close();
  }

  get #isStill(): boolean {
    return this.#running.small === 0 && this.#running.large === 0;
  }

  /** Whether work of this extent may begin with the threads as they are. */
  #mayBegin(extent: Extent): boolean {
    if (this.#areThere === (extent === 'large') || this.#threads === 1) return true;
    if (this.#running.large > 0) return true;
    const now = this.#options.clock.monotonicMs();
    return now < (extent === 'large' ? this.#refusedUntilMs : this.#settledUntilMs);
  }

  async #changeWhenStill(): Promise<void> {
    const { connection, clock, log } = this.#options;
    const areThere = !this.#areThere;
    // DuckDB counts all threads, those of callers too.
    const external = areThere ? 1 : this.#threads;
    try {
      if (await this.#becomesStill()) {
        await connection.run(toStatement(sql`SET GLOBAL external_threads = ${literal(external)}`));
        this.#areThere = areThere;
      } else this.#refusedUntilMs = clock.monotonicMs() + lingerMs;
    } catch (error) {
      log?.warn({ err: error, areThere }, 'the lake keeps its threads as they are');
      this.#refusedUntilMs = Infinity;
    }
    this.#settledUntilMs = Math.max(clock.monotonicMs() + lingerMs, this.#refusedUntilMs);
  }

  async #becomesStill(): Promise<boolean> {
    if (this.#isStill) return true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onStill = resolve;
      timer = setTimeout(resolve, patienceMs);
    });
    this.#onStill = undefined;
    clearTimeout(timer);
    return this.#isStill;
  }
}
