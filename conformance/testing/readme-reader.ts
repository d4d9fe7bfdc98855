import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { askGraph, type GraphAnswer } from './ask-graph.ts';
import type { ProjectFolder } from './project-folder.ts';

const defaultPort = '4000';
/** A command that waits for something that never comes ends with this, before its test does. */
const longestCommandMs = 50_000;

interface ReaderOptions {
  /** The reader's copy of the project. */
  readonly project: ProjectFolder;
  /** Folder that is put on the path, with the command `tributary` in it. */
  readonly commandDirectory: string;
  /** The compiled program. */
  readonly program: string;
  /** Ports on which a tool of the reader's listens, as the page says them, and the free ones that take their place. */
  readonly toolPorts?: Readonly<Record<string, string>>;
}

interface RunningCommand {
  readonly process: ChildProcess;
  /** The port that it took; undefined until it listens. */
  port: string | undefined;
}

export interface CommandResult {
  readonly exitCode: number;
  /** Standard output, then standard error; without the path of the project. */
  readonly output: string;
  readonly standardOutput: string;
}

/**
 * Somebody who types what the README says, or another page, in a folder of their own. Only ports differ: a server
 * takes any free one, and goes by the page's number in what is typed later.
 */
export class ReadmeReader {
  readonly #project: ProjectFolder;
  readonly #program: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #toolPorts: Readonly<Record<string, string>>;
  readonly #servers = new Map<string, RunningCommand>();

  constructor({ project, commandDirectory, program, toolPorts = {} }: ReaderOptions) {
    this.#project = project;
    this.#program = program;
    this.#toolPorts = toolPorts;
    const command = join(commandDirectory, 'tributary');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(command, 0o755);
    const path = [commandDirectory, process.env['PATH']].join(delimiter);
    this.#environment = { ...process.env, PATH: path };
  }

  /** Starts a server, in the place of one that has the same port. */
  async serve(commandLine: string): Promise<void> {
    const [, ...words] = commandLine.trim().split(/\s+/);
    const port = valueOf(words, '--port') ?? defaultPort;
    await this.#stop(port);
    const file = valueOf(words, '--supergraph');
    const args = words.map((word) => (word === file ? this.#withRealPorts(file) : word));
    const child = spawn(process.execPath, [this.#program, ...withAnyPort(args)], {
      cwd: this.#project.directory,
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const server: RunningCommand = { process: child, port: undefined };
    this.#servers.set(port, server);
    server.port = await portIn(child);
  }

  /** Runs lines of a shell, and gives what they print. */
  run(script: string): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const options = {
        cwd: this.#project.directory,
        env: this.#environment,
        timeout: longestCommandMs,
      };
      execFile('sh', ['-c', this.#translate(script)], options, (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') return reject(error);
        const output = (stdout + stderr).replaceAll(`${this.#project.directory}/`, '');
        resolve({ exitCode: Number(error?.code ?? 0), output, standardOutput: stdout });
      });
    });
  }

  write(file: string, text: string): void {
    this.#project.write(file, this.#withToolPorts(text));
  }

  append(file: string, text: string): void {
    this.write(file, this.#project.read(file) + text);
  }

  /** Asks the server that goes by the port of `npm start`. */
  ask(query: string): Promise<GraphAnswer> {
    return askGraph(this.#translate(`http://127.0.0.1:${defaultPort}/graphql`), query);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((port) => this.#stop(port)));
  }

  async #stop(port: string): Promise<void> {
    const server = this.#servers.get(port);
    this.#servers.delete(port);
    if (server === undefined || server.process.exitCode !== null) return;
    const exit = once(server.process, 'exit');
    server.process.kill('SIGTERM');
    await exit;
  }

  #translate(text: string): string {
    return this.#withToolPorts(text).replaceAll(/127\.0\.0\.1:(\d+)/g, (place, port: string) => {
      const real = this.#servers.get(port)?.port;
      return real === undefined ? place : `127.0.0.1:${real}`;
    });
  }

  #withToolPorts(text: string): string {
    return text.replaceAll(/\b\d+\b/g, (number) => this.#toolPorts[number] ?? number);
  }

  #withRealPorts(file: string): string {
    const translated = `translated.${file}`;
    this.#project.write(translated, this.#translate(this.#project.read(file)));
    return translated;
  }
}

function valueOf(words: readonly string[], option: string): string | undefined {
  const position = words.indexOf(option);
  return position === -1 ? undefined : words[position + 1];
}

function withAnyPort(words: readonly string[]): readonly string[] {
  const position = words.indexOf('--port');
  return position === -1 ? [...words, '--port', '0'] : words.with(position + 1, '0');
}

/** Waits for the greeting of a server; what it wrote instead is the error. */
async function portIn({ stderr }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stderr?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk);
    const [, port] = /answers at \S+:(\d+)/.exec(text) ?? [];
    if (port !== undefined) {
      stderr?.resume();
      return port;
    }
  }
  throw new Error(`The server did not start:\n${text}`);
}
