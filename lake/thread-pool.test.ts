import { lookup } from 'node:dns/promises';
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { threadPoolSize } from '../foundation/config/environment.ts';
import { endless, openTempLake } from './testing/temp-lake.ts';

it('more slow queries than there are threads leave files and names readable', async () => {
  const lake = await openTempLake();
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const slow = Array.from({ length: threadPoolSize() * 3 }, (_, n) =>
    lake
      .read(endless, { lane: n % 2 === 0 ? 'scan' : 'point', signal: controller.signal })
      .catch((error: unknown) => error),
  );
  for (let round = 0; round < 3; round++) {
    expect(await readFile(import.meta.filename, 'utf8')).toContain('slow queries');
    expect((await lookup('localhost')).address).toMatch(/^(127\.|::1)/);
  }
  controller.abort();
  for (const outcome of await Promise.all(slow)) {
    expect(outcome).toMatchObject({ code: 'LAKE_CANCELLED' });
  }
});
