import { describe, expect, it } from 'vitest';
import { KeyLookup } from '../../lake/key-lookup.ts';
import { sql, type LakeValue } from '../../lake/sql.ts';
import { LakeVersions } from '../../lake/versions.ts';
import type { Lake } from '../../lake/engine.ts';
import { HubMeter } from '../hub-meter.ts';
import { EntityCache } from './entity-cache.ts';
import { JoinedLookups } from './joined-lookups.ts';

const lookup = new KeyLookup({
  select: sql`SELECT id, name FROM hub.customer AS t`,
  alias: 't',
  columns: [{ name: 'id', sqlType: { kind: 'VARCHAR' }, position: 0 }],
  isUnique: true,
});

/** A lake of customers that answers when it is told to. */
class PatientLake {
  readonly asked: (readonly LakeValue[])[] = [];
  readonly versions = new LakeVersions();
  names = (key: string): string | undefined => `name of ${key}`;
  fails = (_keys: readonly string[]): boolean => false;
  #answer: () => void = () => undefined;
  isPatient = false;

  readonly read = async ({ values }: { readonly values: readonly LakeValue[] }) => {
    this.asked.push(values);
    if (this.isPatient) await new Promise<void>((resolve) => (this.#answer = resolve));
    const keys = [...new Set(values.map(String))];
    if (this.fails(keys)) throw new Error('It fails.');
    const found = keys.filter((key) => this.names(key) !== undefined);
    const columns = [found, found.map((key) => this.names(key) ?? null)];
    return { columnNames: ['id', 'name'], columns, rowCount: found.length };
  };

  answer(): void {
    this.#answer();
  }
}

function open(maxBytes = 0) {
  const lake = new PatientLake();
  const { versions } = lake;
  const meter = new HubMeter();
  const cache =
    maxBytes === 0 ? undefined : new EntityCache({ maxBytes, versions, meter: meter.entities });
  const joined = new JoinedLookups({
    lake: lake as unknown as Pick<Lake, 'read' | 'versions'>,
    cache,
    timeoutMs: 1_000,
    meter,
  });
  const find = async (keys: readonly string[], signal?: AbortSignal) => {
    const rows = keys.map((key) => [key]);
    const { columns, byKey } = await joined.find(lookup, 'Customer', rows, { signal });
    return keys.map((key) => {
      const [row] = byKey.get(key) ?? [];
      return row === undefined ? null : columns[1]?.[row];
    });
  };
  return { lake, cache, meter, find };
}

describe('look-ups by key', () => {
  it('of the same turn are one statement, and each gets its own rows', async () => {
    const { lake, find, meter } = open();
    const names = await Promise.all([find(['a']), find(['b', 'c']), find(['a', 'd'])]);
    expect([meter.askers.sum, meter.askers.count, meter.keys.sum]).toEqual([3, 1, 4]);
    expect(names).toEqual([['name of a'], ['name of b', 'name of c'], ['name of a', 'name of d']]);
    expect(lake.asked).toEqual([['a', 'b', 'c', 'd']]);
  });

  it('that come while one is under way are the next one', async () => {
    const { lake, find } = open();
    lake.isPatient = true;
    const first = find(['a']);
    await new Promise(setImmediate);
    const later = [find(['b']), find(['c'])];
    await new Promise(setImmediate);
    expect(lake.asked).toEqual([['a']]);
    lake.isPatient = false;
    lake.answer();
    expect(await first).toEqual(['name of a']);
    expect(await Promise.all(later)).toEqual([['name of b'], ['name of c']]);
    expect(lake.asked).toEqual([['a'], ['b', 'c']]);
  });

  it('do not suffer from the mistake of one of them', async () => {
    const { lake, find } = open();
    lake.fails = (keys) => keys.includes('bad');
    const [good, bad] = await Promise.allSettled([find(['a']), find(['bad'])]);
    expect(good).toEqual({ status: 'fulfilled', value: ['name of a'] });
    expect(bad).toMatchObject({ status: 'rejected', reason: { message: 'It fails.' } });
  });

  it('of a request that ends are given up, and the others go on', async () => {
    const { lake, find } = open();
    lake.isPatient = true;
    const controller = new AbortController();
    const gone = find(['a'], controller.signal);
    const stays = find(['b']);
    await new Promise(setImmediate);
    controller.abort();
    await expect(gone).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
    lake.answer();
    expect(await stays).toEqual(['name of b']);
    await expect(find(['a'], controller.signal)).rejects.toMatchObject({ code: 'LAKE_CANCELLED' });
  });

  it('are joined up to a number that a list of values is good for', async () => {
    const { lake, find } = open();
    const many = Array.from({ length: 600 }, (_, n) => find([`k${n}`]));
    await Promise.all(many);
    expect(lake.asked.map((values) => new Set(values).size)).toEqual([256, 256, 88]);
  });
});

describe('rows that are kept', () => {
  it('are not read again, also those that are not there', async () => {
    const { lake, find, meter } = open(10_000);
    lake.names = (key) => (key === 'none' ? undefined : `name of ${key}`);
    expect(await find(['a', 'none'])).toEqual(['name of a', null]);
    expect(await find(['a', 'b', 'none'])).toEqual(['name of a', 'name of b', null]);
    expect(lake.asked).toEqual([['a', 'none'], ['b']]);
    expect(meter.entities).toMatchObject({ hits: 2, misses: 3 });
  });

  it('are read again once their entity changed, and no others', async () => {
    const { lake, find } = open(10_000);
    await find(['a', 'b']);
    lake.names = (key) => `new name of ${key}`;
    lake.versions.commit({ entities: [['Customer', 'a']], tables: [] });
    expect(await find(['a', 'b'])).toEqual(['new name of a', 'name of b']);
    lake.versions.commit('everything');
    expect(await find(['b'])).toEqual(['new name of b']);
  });

  it('are old where the entity changed while they were read', async () => {
    const { lake, find } = open(10_000);
    lake.isPatient = true;
    const reading = find(['a']);
    await new Promise(setImmediate);
    lake.versions.commit({ entities: [['Customer', 'a']], tables: [] });
    lake.isPatient = false;
    lake.answer();
    await reading;
    await find(['a']);
    expect(lake.asked).toEqual([['a'], ['a']]);
  });

  it('take no more memory than they may', async () => {
    const { find, cache } = open(10_000);
    for (let n = 0; n < 200; n++) await find([`key ${n}`]);
    expect(cache?.bytes).toBeLessThanOrEqual(10_000);
    expect(cache?.bytes).toBeGreaterThan(5_000);
  });
});
