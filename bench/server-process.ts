import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LakeCopies } from './data-set.ts';

export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));

/** The command line as a user has it, `bin` in package.json: compiled, so that no loader takes part. */
export const tributary: readonly string[] = ['dist/cli/tributary.cjs'];

const longestStartMs = 60_000;

/** A server of the bench itself. */
export function benchServer(name: string): readonly string[] {
  return ['--import', 'tsx', `bench/servers/${name}.ts`];
}

export type Environment = Readonly<Record<string, string>>;

export interface ServerProcess {
  readonly pid: number;
  /** Whether what it takes is charged to nobody. */
  readonly isFree?: true;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

interface SpawnOptions {
  /** Added to the environment of a production server. */
  readonly environment?: Environment;
  /** Where it listens, when it does not say so itself. */
  readonly port?: number;
}

/** Starts a server in a process of its own and waits until it says on stderr where it listens, or until it answers. */
export async function startServerProcess(
  command: readonly string[],
  { environment = {}, port: knownPort }: SpawnOptions = {},
): Promise<ServerProcess> {
  const child = spawnNode(command, environment);
  try {
    const port = knownPort ?? (await readPort(child, command));
    if (knownPort !== undefined) await answering(knownPort, child);
    return { pid: child.pid ?? 0, port, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** `tributary serve` on a lake of its own. */
export async function serve(
  lakes: LakeCopies,
  flags: readonly string[] = [],
  environment: Environment = {},
): Promise<ServerProcess> {
  const command = [...tributary, 'serve', '--port', '0', '--data', await lakes.next(), ...flags];
  return startServerProcess(command, { environment });
}

/** Starts node with the environment that all contenders share. Standard output is thrown away: Tributary logs there. */
export function spawnNode(command: readonly string[], environment: Environment = {}): ChildProcess {
  return spawn(process.execPath, command, {
    cwd: projectDirectory,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      APOLLO_TELEMETRY_DISABLED: 'true',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function readPort(child: ChildProcess, command: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('exit', () => reject(new Error(`${command.join(' ')} ended:\n${text}`)));
  });
}

/** Waits until a GraphQL server answers there. */
async function answering(port: number, child: ChildProcess): Promise<void> {
  for (const start = performance.now(); performance.now() - start < longestStartMs;) {
    const isAnswered = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isAnswered) return;
    if (child.exitCode !== null) break;
    await wait(100);
  }
  throw new Error(`${child.spawnargs.join(' ')} does not answer.`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
