import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished, vi } from 'vitest';
import { builtProgram } from './built-program.ts';

export interface CliResult {
  /** Null when a signal ended the process. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  /** Working directory; the test's own by default. */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads on standard input; nothing by default. */
  readonly input?: string;
}

/** A process of the command line. */
export class CliProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], { cwd, environment = {}, input = '' }: CliOptions = {}) {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('TRIBUTARY_'),
    );
    this.#child = spawn(process.execPath, [builtProgram, ...args], {
      cwd,
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    // It may end without having read anything.
    this.#child.stdin?.on('error', () => undefined).end(input);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get stderr(): string {
    return this.#stderr;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async result(): Promise<CliResult> {
    const code = await this.#ended;
    return { code, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Waits until the process has said this on standard error; gives the first group of the pattern. */
  async said(pattern: RegExp): Promise<string> {
    return vi.waitFor(
      () => {
        const match = pattern.exec(this.#stderr);
        if (match === null) throw new Error(`Not said yet, but: ${this.#stderr}${this.#stdout}`);
        return match[1] ?? match[0];
      },
      { timeout: 30_000, interval: 20 },
    );
  }
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options?: CliOptions): Promise<CliResult> {
  return startCli(args, options).result();
}

/** Starts a command that goes on, and ends it with the test. */
export function startCli(args: readonly string[], options?: CliOptions): CliProcess {
  const started = new CliProcess(args, options);
  onTestFinished(async () => {
    started.signal('SIGKILL');
    await started.result();
  });
  return started;
}
