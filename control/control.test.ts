import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { raise } from '../foundation/errors/tributary-error.ts';
import { createLog } from '../foundation/log.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { askRunningServer } from './ask-running-server.ts';
import { startControl, type ControlRoute, type RunningControl } from './start-control.ts';

const log = createLog({ level: 'silent' });

async function start(
  directory: string,
  routes: Readonly<Record<string, ControlRoute>>,
): Promise<RunningControl> {
  const control = await startControl({ directory, routes, log });
  onTestFinished(() => control.close());
  return control;
}

const echo: ControlRoute = ({ input }) => Promise.resolve({ got: input });

describe('the way from a command to the server', () => {
  it('carries a question, progress and an answer', async () => {
    const directory = tempFolder();
    await start(directory, {
      count: ({ input, onProgress }) => {
        for (let n = 1; n <= 3; n++) onProgress({ n });
        return Promise.resolve({ input, at: new Date(0) });
      },
    });
    const progress: unknown[] = [];
    const answer = await askRunningServer(directory, {
      name: 'count',
      input: { text: 'ä\n"' },
      onProgress: (value) => progress.push(value),
    });
    expect(answer).toEqual({ input: { text: 'ä\n"' }, at: '1970-01-01T00:00:00.000Z' });
    expect(progress).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('carries large answers', async () => {
    const directory = tempFolder();
    const text = 'ü'.repeat(3_000_000);
    await start(directory, { large: () => Promise.resolve(text) });
    expect(await askRunningServer(directory, { name: 'large' })).toBe(text);
  });

  it('brings errors back as they were raised', async () => {
    const directory = tempFolder();
    await start(directory, {
      known: () => Promise.reject(raise('EXPORT_RUNNING', {})),
      unknown: () => Promise.reject(new Error('a bug')),
    });
    await expect(askRunningServer(directory, { name: 'known' })).rejects.toMatchObject({
      code: 'EXPORT_RUNNING',
      message: 'The lake is being exported already.',
      hint: expect.stringContaining('Wait'),
    });
    await expect(askRunningServer(directory, { name: 'unknown' })).rejects.toMatchObject({
      code: 'CONTROL_FAILED',
      message: 'The server could not do it: a bug',
    });
    for (const name of ['other', 'toString', '../known'])
      await expect(askRunningServer(directory, { name })).rejects.toMatchObject({
        code: 'CONTROL_UNKNOWN',
      });
  });

  it('is there for the user of the server alone, and gone after it', async () => {
    const directory = tempFolder();
    const control = await startControl({ directory, routes: { echo }, log });
    const socket = join(directory, 'control.sock');
    expect(statSync(socket).isSocket()).toBe(true);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    await control.close();
    expect(existsSync(socket)).toBe(false);
    await expect(askRunningServer(directory, { name: 'echo' })).rejects.toMatchObject({
      code: 'SERVER_NOT_RUNNING',
      message: expect.stringContaining(directory),
    });
  });

  it.each(['a file', 'a socket'])(
    'takes the place of %s that a killed server has left',
    async (kind) => {
      const directory = tempFolder();
      const socket = join(directory, 'control.sock');
      if (kind === 'a file') writeFileSync(socket, '');
      else await leaveSocket(socket);
      await expect(askRunningServer(directory, { name: 'echo' })).rejects.toMatchObject({
        code: 'SERVER_NOT_RUNNING',
      });
      await start(directory, { echo });
      expect(await askRunningServer(directory, { name: 'echo', input: 1 })).toEqual({ got: 1 });
    },
  );

  it('is elsewhere where the path is too long for a socket', async () => {
    const directory = join(tempFolder(), 'x'.repeat(120));
    mkdirSync(directory);
    const control = await startControl({ directory, routes: { echo }, log });
    const path = readFileSync(join(directory, 'control.path'), 'utf8');
    expect(path.length).toBeLessThan(104);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(await askRunningServer(directory, { name: 'echo', input: 2 })).toEqual({ got: 2 });
    await control.close();
    expect(existsSync(path) || existsSync(join(path, '..'))).toBe(false);
    expect(existsSync(join(directory, 'control.path'))).toBe(false);
    await expect(askRunningServer(directory, { name: 'echo' })).rejects.toMatchObject({
      code: 'SERVER_NOT_RUNNING',
    });
  });

  it('is found by every path that leads to the data directory', async () => {
    const directory = tempFolder();
    await start(directory, { echo });
    const link = join(tempFolder(), 'y'.repeat(120));
    symlinkSync(directory, link);
    expect(await askRunningServer(link, { name: 'echo', input: 3 })).toEqual({ got: 3 });
  });

  it('says so when the data directory is not there', async () => {
    await expect(
      askRunningServer(join(tempFolder(), 'nowhere'), { name: 'echo' }),
    ).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
  });

  it.skipIf(process.getuid?.() === 0)('says so when the server is somebody else’s', async () => {
    const directory = tempFolder();
    await start(directory, { echo });
    chmodSync(join(directory, 'control.sock'), 0o000);
    await expect(askRunningServer(directory, { name: 'echo' })).rejects.toMatchObject({
      code: 'SERVER_OUT_OF_REACH',
    });
  });

  it('tells the work that the command went away', async () => {
    const directory = tempFolder();
    let signal: AbortSignal | undefined;
    await start(directory, {
      long: (call) => {
        signal = call.signal;
        return new Promise((resolve) => call.signal.addEventListener('abort', () => resolve(null)));
      },
    });
    const leaving = request({
      socketPath: join(directory, 'control.sock'),
      method: 'POST',
      path: '/long',
    });
    leaving.on('error', () => undefined).end('{}');
    await vi.waitFor(() => expect(signal).toBeDefined());
    expect(signal?.aborted).toBe(false);
    leaving.destroy();
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
  });

  it('is closed with what runs, whose commands are told', async () => {
    const directory = tempFolder();
    const control = await startControl({
      directory,
      routes: {
        long: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () =>
              reject(raise('EXPORT_CANCELLED', { directory: '/x' })),
            );
          }),
      },
      log,
    });
    const asked = askRunningServer(directory, { name: 'long' });
    const refused = expect(asked).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await control.close();
    await refused;
  });

  it('says so when the server breaks off in the middle', async () => {
    const directory = tempFolder();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"kin\r\n');
        setTimeout(() => socket.destroy(), 50);
      });
    });
    server.listen(join(directory, 'control.sock'));
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await expect(askRunningServer(directory, { name: 'echo' })).rejects.toMatchObject({
      code: 'SERVER_BROKE_OFF',
    });
  });

  it('stands what is no question', async () => {
    const directory = tempFolder();
    await start(directory, { echo });
    const send = async (method: string, path: string, body: string): Promise<string> => {
      const asked = request({ socketPath: join(directory, 'control.sock'), method, path });
      const answered = once(asked, 'response');
      asked.end(body);
      const [response] = (await answered) as [AsyncIterable<Buffer>];
      let text = '';
      for await (const chunk of response) text += chunk.toString();
      return text;
    };
    expect(await send('POST', '/echo', '{')).toContain('CONTROL_INVALID');
    expect(await send('POST', '/echo', '')).toContain('CONTROL_INVALID');
    expect(await send('POST', '/echo', `"${'x'.repeat(5_000_000)}"`)).toContain('CONTROL_INVALID');
    expect(await send('PUT', '/echo', '{}')).toContain('CONTROL_UNKNOWN');
    expect(await send('POST', '/', '{}')).toContain('CONTROL_UNKNOWN');
    expect(await send('POST', '/echo', '{}')).toContain('result');
  });
});

/** What is left of a server that was killed: a socket that nobody listens on. */
async function leaveSocket(path: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('on'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
