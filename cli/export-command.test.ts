import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startControl } from '../control/start-control.ts';
import { controlRoutes } from '../control/control-routes.ts';
import { startProject } from '../conformance/testing/start-project.ts';
import { createLog } from '../foundation/log.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import type { ExportManifest } from '../lake/engine.ts';
import { MemoryEvents } from '../motion/testing/memory-events.ts';
import { MemorySync } from '../motion/testing/memory-sync.ts';
import { runCli, startCli } from './testing/run-cli.ts';

describe('tributary export', () => {
  it('exports a lake that no server has open', async () => {
    const data = await filledLake();
    const parent = tempFolder();
    const { code, stdout, stderr } = await runCli(
      ['export', '--parquet', 'copy', '--data', data, '--project', process.cwd()],
      {
        cwd: parent,
      },
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(parent, 'copy')}\n` });
    const { tables, time } = manifestOf(join(parent, 'copy'));
    const rows = tables.reduce((sum, { rowCount }) => sum + rowCount, 0);
    expect(stderr).toBe(
      `Rows ${rows}/${rows} (100%)\n${tables.length} tables with ${rows} rows as of ${time} (change 0).\n`,
    );
    expect(
      tables.find(({ schema, table }) => `${schema}.${table}` === 'hub.Customer')?.rowCount,
    ).toBe(1_000);
    const again = await runCli(['export', '--parquet', join(parent, 'copy'), '--data', data]);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('[EXPORT_TARGET_NOT_EMPTY]');
    const replaced = await runCli([
      'export',
      '--parquet',
      join(parent, 'copy'),
      '--replace',
      '--data',
      data,
    ]);
    expect(replaced.code).toBe(0);
    expect(readdirSync(parent)).toEqual(['copy']);
  });

  it('makes no lake where there is none', async () => {
    const data = tempFolder();
    const { code, stderr } = await runCli(['export', '--parquet', join(data, 'x'), '--data', data]);
    expect(code).toBe(1);
    expect(stderr).toContain('[LAKE_MISSING]');
    expect(readdirSync(data)).toEqual([]);
  });

  it('lets a server that runs do it, and shows how far that is', async () => {
    const data = tempFolder();
    const manifest: ExportManifest = {
      format: 'tributary-export/1',
      version: '1',
      time: '2026-01-31T00:00:00.000Z',
      sequence: 5,
      tables: [{ schema: 'a', table: 'b', file: 'a/b.parquet', rowCount: 7, columns: [] }],
    };
    const asked: unknown[] = [];
    await control(data, ({ directory, mayReplace, onProgress }) => {
      asked.push({ directory, mayReplace });
      onProgress?.({ table: 'a.b', rowsDone: 0, rowsTotal: 7 });
      onProgress?.({ table: 'a.b', rowsDone: 7, rowsTotal: 7 });
      return Promise.resolve(manifest);
    });
    const target = join(data, 'copy');
    expect(await runCli(['export', '--parquet', target, '--replace', '--data', data])).toEqual({
      code: 0,
      stdout: `${target}\n`,
      stderr: 'Rows 7/7 (100%)\n1 tables with 7 rows as of 2026-01-31T00:00:00.000Z (change 5).\n',
    });
    expect(asked).toEqual([{ directory: target, mayReplace: true }]);
  });

  it('is given up by the server when the command is ended', async () => {
    const data = tempFolder();
    let signal: AbortSignal | undefined;
    await control(data, (options) => {
      signal = options.signal;
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('given up')));
      });
    });
    const command = startCli(['export', '--parquet', join(data, 'copy'), '--data', data]);
    await vi.waitFor(() => expect(signal).toBeDefined(), { timeout: 20_000 });
    command.signal('SIGINT');
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
    expect((await command.result()).code).not.toBe(0);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'leaves nothing in its place when %s ends it',
    async (signal) => {
      const data = await filledLake();
      const parent = tempFolder();
      const command = startCli(['export', '--parquet', join(parent, 'copy'), '--data', data]);
      await vi.waitFor(() => expect(readdirSync(parent)).not.toEqual([]), {
        timeout: 20_000,
        interval: 1,
      });
      command.signal(signal);
      const { stderr } = await command.result();
      expect(existsSync(join(parent, 'copy'))).toBe(false);
      if (signal === 'SIGINT') {
        expect(stderr).toContain('[EXPORT_CANCELLED]');
        expect(readdirSync(parent)).toEqual([]);
      }
      // And the lake can be opened and exported again.
      expect(
        (await runCli(['export', '--parquet', join(parent, 'copy'), '--data', data])).code,
      ).toBe(0);
    },
  );

  it('says so when the folder cannot be written', async () => {
    const data = await filledLake();
    writeFileSync(join(data, 'file'), '');
    const { code, stderr } = await runCli([
      'export',
      '--parquet',
      join(data, 'file', 'copy'),
      '--data',
      data,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('[EXPORT_FAILED]');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

/** A data directory with the lake of the example, which nobody has open. */
async function filledLake(): Promise<string> {
  const data = tempFolder();
  const { server } = await startProject({ dataDirectory: data });
  await server.close();
  return data;
}

type ExportTo = Parameters<typeof controlRoutes>[0]['exportTo'];

async function control(directory: string, exportTo: ExportTo): Promise<void> {
  const routes = controlRoutes({ events: new MemoryEvents(), sync: new MemorySync(), exportTo });
  const running = await startControl({ directory, routes, log: createLog({ level: 'silent' }) });
  onTestFinished(() => running.close());
}

function manifestOf(directory: string): ExportManifest {
  return JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as ExportManifest;
}
