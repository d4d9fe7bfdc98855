import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const peersDirectory = dirname(fileURLToPath(import.meta.url));

export const hiveGateway: readonly string[] = [
  join(peersDirectory, 'node_modules', '@graphql-hive', 'gateway', 'dist', 'bin.js'),
];

/** Installs the gateways of others from the lockfile beside this file, once. They are too large to come with the rest. */
export async function installPeers(say: (line: string) => void): Promise<void> {
  if (existsSync(join(peersDirectory, 'node_modules', '.package-lock.json'))) return;
  say('installing Hive Gateway, which takes a few minutes once');
  const child = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peersDirectory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`npm ci in ${peersDirectory} ended with ${code}.`);
}
