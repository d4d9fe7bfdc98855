import { SingleBar } from 'cli-progress';
import { type Clock, systemClock } from './clock.ts';

/** Shows how far a long piece of work has come; several pieces may follow each other. */
export interface Progress {
  /** Begins a piece of work; `total` is the number of steps that will make it complete. */
  start(label: string, total: number): void;
  /** Says how many steps are done, counted from the start; call it as often as you like. */
  update(done: number): void;
  /** Ends the piece of work that was started; a note says what came of it. */
  finish(note?: string): void;
}

export interface ProgressOptions {
  /** Usually `process.stderr`, so that standard output keeps to results. */
  readonly stream: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };
  readonly clock?: Clock | undefined;
}

/** A bar that redraws itself when the stream is a terminal; otherwise lines, one every two seconds at the most. */
export function createProgress({ stream, clock = systemClock }: ProgressOptions): Progress {
  return stream.isTTY === true ? new BarProgress(stream) : new LineProgress(stream, clock);
}

class BarProgress implements Progress {
  readonly #stream: NodeJS.WritableStream;
  readonly #bar: SingleBar;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    this.#bar = new SingleBar({
      stream,
      format: '{label} [{bar}] {percentage}% | {value}/{total} | {eta_formatted} left',
      etaBuffer: 100,
    });
  }

  start(label: string, total: number): void {
    this.#bar.start(total, 0, { label });
  }

  update(done: number): void {
    this.#bar.update(done);
  }

  finish(note?: string): void {
    this.#bar.stop();
    if (note !== undefined) this.#stream.write(`${note}\n`);
  }
}

const lineIntervalMs = 2_000;

class LineProgress implements Progress {
  readonly #stream: NodeJS.WritableStream;
  readonly #clock: Clock;
  #label = '';
  #total = 0;
  #done = 0;
  #lastLineMs = 0;

  constructor(stream: NodeJS.WritableStream, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
  }

  /** Writes nothing yet: work that is over within two seconds gets one line. */
  start(label: string, total: number): void {
    this.#label = label;
    this.#total = total;
    this.#done = 0;
    this.#lastLineMs = this.#clock.monotonicMs();
  }

  update(done: number): void {
    this.#done = done;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lastLineMs < lineIntervalMs) return;
    this.#lastLineMs = nowMs;
    this.#writeLine('');
  }

  finish(note?: string): void {
    this.#writeLine(note === undefined ? '' : `: ${note}`);
  }

  #writeLine(ending: string): void {
    const percentage = this.#total === 0 ? 100 : Math.floor((this.#done / this.#total) * 100);
    this.#stream.write(`${this.#label} ${this.#done}/${this.#total} (${percentage}%)${ending}\n`);
  }
}
