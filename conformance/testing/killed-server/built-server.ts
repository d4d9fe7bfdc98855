import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtProgram } from '../../../cli/testing/built-program.ts';
import { greetedUrl } from '../../../cli/testing/greeted-url.ts';
import { repositoryDirectory } from '../start-project.ts';

/**
 * The program as `npm run build` makes it, in a process of its own that may be killed at any moment.
 *
 * Most of a start is spent on reading modules, when there is nothing yet that a kill could break. So the process reads
 * them in advance, and waits with what the program does until it is told to begin.
 */
export class BuiltServer {
  /** When it has read its modules. */
  readonly isReady: Promise<void>;
  /** Where it answers; undefined where it ended before it said so. */
  readonly url: Promise<string | undefined>;
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  readonly #child: ChildProcess;
  #output = '';

  constructor(options: { readonly projectDirectory: string; readonly dataDirectory: string }) {
    const { projectDirectory, dataDirectory } = options;
    const flags = ['--port', '0', '--data', dataDirectory, '--project', projectDirectory];
    const child = spawn(
      process.execPath,
      ['--import', standBy(), builtProgram, 'serve', ...flags],
      {
        cwd: repositoryDirectory,
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          TRIBUTARY_LOG_LEVEL: 'warn',
          // The program sets it itself, which is too late when modules were read before.
          UV_THREADPOOL_SIZE: '8',
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    // It may be killed before it has heard of anything.
    child.stdin.on('error', () => {});
    this.#child = child;
    this.ended = once(child, 'close').then(([code, signal]) => code ?? signal);
    this.isReady = new Promise((resolve) => {
      child.stdout.once('data', () => resolve());
      void this.ended.then(() => resolve());
    });
    this.url = new Promise((resolve) => {
      const read = (chunk: string): void => {
        this.#output += chunk;
        const url = greetedUrl(this.#output);
        if (url !== undefined) resolve(url);
      };
      child.stdout.setEncoding('utf8').on('data', read);
      child.stderr.setEncoding('utf8').on('data', read);
      void this.ended.then(() => resolve(undefined));
    });
  }

  /** Lets the program run. */
  begin(): void {
    this.#child.stdin?.end('begin');
  }

  /** The address, where the server has to be up in the end. */
  async answering(): Promise<string> {
    const url = await this.url;
    if (url === undefined) throw new Error(`The server did not start:\n${this.#output}`);
    return url;
  }

  /** Lines of its log that tell of something wrong, and whatever it said when it did not start. */
  get complaints(): readonly string[] {
    return this.#output
      .split('\n')
      .filter((line) => /"level":"(?:error|fatal)"|^\s*Error|^✖|^at /.test(line));
  }

  /** As `kill -9` does: nothing of it gets to tidy up. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end. */
  async end(): Promise<number | NodeJS.Signals | null> {
    this.#child.kill('SIGTERM');
    return this.ended;
  }
}

/** A module that ends when the process is told to begin. */
function standBy(): string {
  const urls = ['cli/program.js', 'gateway/start-server.js'].map((file) =>
    pathToFileURL(join(repositoryDirectory, 'dist', file)),
  );
  const code = [
    ...urls.map((url) => `await import(${JSON.stringify(url.href)});`),
    "process.stdout.write('ready\\n');",
    "await new Promise((begin) => process.stdin.once('data', begin));",
    'process.stdin.destroy();',
  ];
  return `data:text/javascript,${encodeURIComponent(code.join(' '))}`;
}
