import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { builtProgram } from '../../cli/testing/built-program.ts';
import { greetedUrl } from '../../cli/testing/greeted-url.ts';
import { repositoryDirectory } from './start-project.ts';

/** `tributary serve` in a process of its own. */
export interface ServeProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it has written so far, on both outputs. */
  readonly output: () => string;
  /** How it ended: its exit code, or the signal that killed it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

interface StartOptions {
  /** Flags of `serve`, without `--port`. */
  readonly flags: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The Node that runs it; that of the tests by default. */
  readonly node?: string;
  /** Modules, TypeScript too, that are loaded before the program. */
  readonly preloaded?: readonly string[];
}

/** Starts the command line as it is built, and waits until it says where it answers. */
export async function startCommand({
  flags,
  environment = {},
  node = process.execPath,
  preloaded = [],
}: StartOptions): Promise<ServeProcess> {
  const modules = preloaded.length === 0 ? [] : ['tsx', ...preloaded];
  const imports = modules.flatMap((module) => ['--import', module]);
  const child = spawn(node, [...imports, builtProgram, 'serve', '--port', '0', ...flags], {
    cwd: repositoryDirectory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: string): void => {
      output += chunk;
      const found = greetedUrl(output);
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    void ended.then((code) => reject(new Error(`It ended with ${code}:\n${output}`)));
  });
  return { child, url, output: () => output, ended };
}
