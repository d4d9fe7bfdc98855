import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../foundation/clock.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { lockDirectory } from './file-lock.ts';
import { processStart } from './running-process.ts';

/** Far above the largest pid that Linux gives. */
const goneForGood = 2 ** 30;

describe('lockDirectory', () => {
  it('says in the file who has the directory, and leaves nothing behind', async () => {
    const directory = tempFolder();
    const now = new Date('2026-01-31T08:30:00Z');
    const lock = await lockDirectory(directory, { ...systemClock, now: () => now });
    expect(JSON.parse(readFileSync(join(directory, 'lake.lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
      startedAt: '2026-01-31T08:30:00.000Z',
      processStart: processStart(process.pid),
    });
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('refuses a second owner until the first lets go', async () => {
    const directory = tempFolder();
    const first = await lockDirectory(directory, systemClock);
    await expect(lockDirectory(directory, systemClock)).rejects.toMatchObject({
      code: 'LAKE_LOCKED',
      hint: expect.stringContaining(join(directory, 'lake.lock')),
    });
    await first.release();
    await (await lockDirectory(directory, systemClock)).release();
  });

  it.each([
    ['of a process that is gone', ownerText(goneForGood)],
    ['of another process that had our pid', ownerText(process.pid, 'another start')],
    ['that is empty', ''],
    ['that was cut off', '{"pid":'],
    ['with a pid that is none', JSON.stringify({ token: 'x', pid: 'x' })],
    ['with a token that would lead elsewhere', JSON.stringify({ token: '../x', pid: goneForGood })],
  ])('takes over a lock %s, for one of many who find it', async (_, content) => {
    for (let round = 0; round < 10; round++) {
      const directory = tempFolder();
      writeFileSync(join(directory, 'lake.lock'), content);
      await expectOneOwner(directory);
    }
  });

  it('takes over from a process that died while it took over', async () => {
    for (let round = 0; round < 10; round++) {
      const directory = tempFolder();
      writeFileSync(join(directory, 'lake.lock'), ownerText(goneForGood, undefined, 'first'));
      const right = join(directory, 'lake.lock.takeover-first');
      writeFileSync(right, ownerText(goneForGood, undefined, 'second'));
      await expectOneOwner(directory);
    }
  });

  it('leaves a lock that is not its own any more', async () => {
    const directory = tempFolder();
    const lock = await lockDirectory(directory, systemClock);
    const other = ownerText(process.pid);
    writeFileSync(join(directory, 'lake.lock'), other);
    await lock.release();
    expect(readFileSync(join(directory, 'lake.lock'), 'utf8')).toBe(other);
  });
});

async function expectOneOwner(directory: string): Promise<void> {
  const attempts = await Promise.allSettled(
    Array.from({ length: 6 }, () => lockDirectory(directory, systemClock)),
  );
  const locks = attempts.filter((attempt) => attempt.status === 'fulfilled');
  expect(locks).toHaveLength(1);
  for (const attempt of attempts) {
    if (attempt.status === 'rejected')
      expect(attempt.reason).toMatchObject({ code: 'LAKE_LOCKED' });
  }
  expect(readdirSync(directory)).toEqual(['lake.lock']);
  await locks[0]?.value.release();
  expect(readdirSync(directory)).toEqual([]);
}

function ownerText(pid: number, start?: string, token = 'a-token'): string {
  return JSON.stringify({ token, pid, startedAt: '2026-01-01T00:00:00Z', processStart: start });
}
