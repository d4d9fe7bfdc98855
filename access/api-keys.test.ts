import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { createKey, listKeys, revokeKey } from './api-keys.ts';
import { withFileLock } from './file-lock.ts';
import { keyFilePath, makeKeyDirectory } from './key-file.ts';
import { KeyStore } from './key-store.ts';

const clock = systemClock;
let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tributary-keys-'));
  file = keyFilePath(directory);
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('createKey', () => {
  it('tells the token once and stores only a hash, for the owner alone', async () => {
    const { token, key } = await createKey({ directory, name: 'Retool', clock });
    expect(token).toMatch(/^trib_[a-z0-9]{10}_[\w-]{43}$/);
    expect(key).toMatchObject({ name: 'Retool', revokedAt: null });
    expect(readFileSync(file, 'utf8')).not.toContain(token.slice(-43));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(await listKeys(directory)).toEqual([key]);
  });

  it('says so when the folder cannot be written', async () => {
    const occupied = join(directory, 'occupied');
    writeFileSync(occupied, '');
    await expect(createKey({ directory: occupied, name: 'x', clock })).rejects.toMatchObject({
      code: 'KEY_FILE_UNWRITABLE',
    });
  });

  it.each(['', ' ', 'two\nlines', 'x'.repeat(101), 'local', 'tributary', 'subject:ana'])(
    'refuses the name %j',
    async (name) => {
      await expect(createKey({ directory, name, clock })).rejects.toMatchObject({
        code: 'KEY_NAME_INVALID',
      });
    },
  );

  it('loses no key when many calls and two other processes make keys at once', async () => {
    const module = new URL('./api-keys.ts', import.meta.url).href;
    const script = `
      const { createKey } = await import(${JSON.stringify(module)});
      const clock = { now: () => new Date(), monotonicMs: () => 0 };
      for (let n = 0; n < 10; n++) {
        await createKey({ directory: ${JSON.stringify(directory)}, name: process.pid + '-' + n, clock });
      }`;
    const run = promisify(execFile);
    const inOtherProcess = (): Promise<unknown> =>
      run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    const here = Array.from({ length: 10 }, (_, n) =>
      createKey({ directory, name: `${n}`, clock }),
    );
    await Promise.all([inOtherProcess(), inOtherProcess(), ...here]);
    const keys = await listKeys(directory);
    expect(keys).toHaveLength(30);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(30);
  });

  it.each([
    ['a process that died', `999999999 ${hostname()} other-process lock`],
    ['an earlier process with our pid', `${process.pid} ${hostname()} other-process lock`],
  ])('takes over the lock of %s', async (_, content) => {
    await makeKeyDirectory(file);
    writeFileSync(`${file}.lock`, content);
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => createKey({ directory, name, clock })));
    expect((await listKeys(directory)).map(({ name }) => name).toSorted()).toEqual(names);
  });

  it('waits for a lock that is held, and then says by whom', async () => {
    await makeKeyDirectory(file);
    writeFileSync(`${file}.lock`, `${process.ppid} ${hostname()} other-process lock`);
    const waiting = withFileLock(`${file}.lock`, async () => 'done', 50);
    await expect(waiting).rejects.toMatchObject({
      code: 'KEY_FILE_LOCKED',
      message: expect.stringContaining(`pid ${process.ppid}`),
    });
  });

  it.each(['', '{"version":1,"keys":[', '{"version":2,"keys":[]}', '{"version":1,"keys":[{}]}'])(
    'refuses the corrupt file %j and leaves it as it is',
    async (text) => {
      await makeKeyDirectory(file);
      writeFileSync(file, text);
      await expect(createKey({ directory, name: 'a', clock })).rejects.toMatchObject({
        code: 'KEY_FILE_CORRUPT',
      });
      expect(readFileSync(file, 'utf8')).toBe(text);
    },
  );
});

describe('revokeKey', () => {
  it('keeps the key with the time of its first revocation', async () => {
    const { key } = await createKey({ directory, name: 'n8n', clock });
    const revoked = await revokeKey({ directory, id: key.id, clock });
    expect(revoked.revokedAt).not.toBeNull();
    expect(await revokeKey({ directory, id: key.id, clock })).toEqual(revoked);
  });

  it('says which id a name belongs to', async () => {
    const { key } = await createKey({ directory, name: 'n8n', clock });
    await expect(revokeKey({ directory, id: 'n8n', clock })).rejects.toMatchObject({
      code: 'KEY_NOT_FOUND',
      hint: expect.stringContaining(key.id),
    });
  });
});

describe('KeyStore', () => {
  it('knows a new key at once and refuses a revoked one at once', async () => {
    const store = new KeyStore(directory);
    expect(store.countActive()).toBe(0);
    const { token, key } = await createKey({ directory, name: 'Zapier', clock });
    expect(store.authenticate(token)).toEqual({ kind: 'apiKey', id: key.id, name: 'Zapier' });
    await revokeKey({ directory, id: key.id, clock });
    expect(() => store.authenticate(token)).toThrow('was revoked at');
  });

  it('refuses a wrong secret, an unknown id and text that is no key', async () => {
    const store = new KeyStore(directory);
    const { token } = await createKey({ directory, name: 'a', clock });
    const wrong = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
    for (const text of [wrong, token.replace(/_.{10}_/, '_aaaaaaaaaa_'), 'trib_', `${token}x`]) {
      expect(() => store.authenticate(text)).toThrow(
        expect.objectContaining({ code: 'UNAUTHENTICATED' }),
      );
    }
  });

  it('lets nobody in while the file is corrupt, and goes on once it is mended', async () => {
    const store = new KeyStore(directory);
    const { token } = await createKey({ directory, name: 'a', clock });
    expect(store.countActive()).toBe(1);
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.slice(0, 20));
    for (const _ of [1, 2]) {
      expect(() => store.authenticate(token)).toThrow(
        expect.objectContaining({ code: 'KEY_FILE_CORRUPT' }),
      );
    }
    writeFileSync(file, good);
    expect(store.authenticate(token)).toMatchObject({ kind: 'apiKey' });
  });
});
