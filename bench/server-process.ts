import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const projectDirectory = fileURLToPath(new URL('..', import.meta.url));

/** The command line as a user has it, `bin` in package.json: compiled, so that no loader takes part. */
export const tributary: readonly string[] = ['dist/cli/tributary.cjs'];

/** A server of the bench itself. */
export function benchServer(name: string): readonly string[] {
  return ['--import', 'tsx', `bench/servers/${name}.ts`];
}

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

interface SpawnOptions {
  /** Added to the environment of a production server. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a server in a process of its own and waits until it says on stderr where it listens. */
export async function startServerProcess(
  command: readonly string[],
  { environment = {} }: SpawnOptions = {},
): Promise<ServerProcess> {
  const child = spawnNode(command, environment);
  try {
    const port = await readPort(child, command);
    return { pid: child.pid ?? 0, port, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** Starts node with the environment that all contenders share. Standard output is thrown away: Tributary logs there. */
export function spawnNode(
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
