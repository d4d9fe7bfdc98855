import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../conformance/testing/free-port.ts';

/** A PostgreSQL server of its own, with an empty database. */
export interface TestPostgres {
  readonly url: string;
  readonly port: number;
  query(text: string): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

const binaries = findBinaries();

export const hasPostgres = binaries !== undefined;
if (!hasPostgres) console.warn('Skipped: reading a PostgreSQL table. Install postgresql.');

/** PostgreSQL refuses to be run by root, so root runs it as the user `postgres`. */
const isRoot = process.getuid?.() === 0;

/** Makes a cluster in a folder of its own, without a care for what a crash would do to it, and starts it. */
export async function startPostgres(): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-postgres-'));
  if (isRoot) chownSync(folder, Number(idOf('-u')), Number(idOf('-g')));
  const data = join(folder, 'data');
  const [initdb, ...initdbArguments] = command(
    'initdb',
    '-D',
    data,
    '-U',
    'tester',
    '-A',
    'trust',
    '--no-sync',
    '-E',
    'UTF8',
  );
  execFileSync(initdb, initdbArguments, { cwd: folder, stdio: 'ignore' });
  const port = await freePort();
  const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'timezone=Asia/Tokyo'];
  const [program, ...parameters] = command(
    'postgres',
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    ...settings.flatMap((one) => ['-c', one]),
  );
  const server = spawn(program, parameters, { cwd: folder, stdio: 'ignore' });
  const url = `postgres://tester:secret@127.0.0.1:${port}/postgres`;
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  await untilItAnswers(pool);
  return {
    url,
    port,
    query: (text) => pool.query(text),
    async close() {
      await pool.end();
      const exit = once(server, 'exit');
      const [control, ...stop] = command('pg_ctl', '-D', data, 'stop', '-m', 'immediate');
      execFileSync(control, stop, { cwd: folder, stdio: 'ignore' });
      await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilItAnswers(pool: pg.Pool): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function command(name: string, ...parameters: readonly string[]): readonly [string, ...string[]] {
  const program = join(binaries ?? '', name);
  return isRoot
    ? ['runuser', '-u', 'postgres', '--', program, ...parameters]
    : [program, ...parameters];
}

function idOf(option: '-u' | '-g'): string {
  return execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }).trim();
}

/** Debian keeps them out of the path, one folder a version. */
function findBinaries(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root)
    ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...versions.map((version) => join(root, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}
