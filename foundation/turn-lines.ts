import { pino, type DestinationStream } from 'pino';

/**
 * Lines that go to standard output together at the end of the event loop's turn in which they were written: a system
 * call for each of them took a tenth of a small request. What ends the process lets them out before, but for a kill.
 */
class TurnLines implements DestinationStream {
  readonly #output = pino.destination({ dest: 1, sync: true });
  #lines = '';

  constructor() {
    process.once('exit', this.flushSync);
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(this.flushSync);
    this.#lines += line;
  }

  /** Also called by pino, after a fatal error was logged. */
  readonly flushSync = (): void => {
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '') this.#output.write(lines);
  };
}

let standardOutput: TurnLines | undefined;

/** The same for all logs of the process, so that their lines stay in order. */
export function linesOfStandardOutput(): DestinationStream {
  return (standardOutput ??= new TurnLines());
}
