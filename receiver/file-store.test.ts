import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { createReceiver, fileStore, type RecordChanges, Veto } from './receiver.ts';
import { type Customer, deliveryOf, eventOf, secret } from './testing/deliveries.ts';

function newPath(): string {
  return join(tempFolder(), 'tool.json');
}

function changeTo(version: number, subject = 'C1') {
  return { entity: 'Customer', subject, version };
}

describe('a file store', () => {
  it('has records and versions again when it is opened the next time', async () => {
    const path = newPath();
    const store = fileStore<string>(path);
    expect(await store.versionOf('Customer', 'C1')).toBeUndefined();
    expect(existsSync(path)).toBe(false);
    expect(await store.apply(changeTo(3), (records) => records.put('C1', () => 'Ada'))).toBe(true);
    await store.remember('Loan', 'C1', 7);
    const again = fileStore<string>(path);
    expect(again.get('C1')).toBe('Ada');
    expect(again.list()).toEqual(['Ada']);
    expect(await again.versionOf('Customer', 'C1')).toBe(3);
    expect(await again.versionOf('Loan', 'C1')).toBe(7);
  });

  it('does no work for a version that is not newer, and never forgets one', async () => {
    const store = fileStore<string>(newPath());
    await store.apply(changeTo(3), (records) => records.put('C1', () => 'Ada'));
    expect(await store.apply(changeTo(3), (records) => records.remove('C1'))).toBe(false);
    await store.remember('Customer', 'C1', 2);
    expect([store.get('C1'), await store.versionOf('Customer', 'C1')]).toEqual(['Ada', 3]);
  });

  it('keeps the version of a record that is removed', async () => {
    const path = newPath();
    const store = fileStore<string>(path);
    await store.apply(changeTo(1), (records) => records.put('C1', () => 'Ada'));
    await store.apply(changeTo(2), (records) => records.remove('C1'));
    expect(fileStore(path).list()).toEqual([]);
    expect(await fileStore(path).versionOf('Customer', 'C1')).toBe(2);
  });

  it('makes all changes of one handler or none', async () => {
    const store = fileStore<string>(newPath());
    const failing = store.apply(changeTo(1), (records) => {
      records.put('C1', () => 'Ada');
      records.put('C2', () => {
        throw new Veto('no');
      });
    });
    await expect(failing).rejects.toThrow(Veto);
    await expect(store.apply(changeTo(1), () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(store.list()).toEqual([]);
    expect(await store.versionOf('Customer', 'C1')).toBeUndefined();
  });

  it('loses no change of one record that many make at once', async () => {
    const path = newPath();
    const store = fileStore<number>(path);
    const add = (records: RecordChanges<number>): void =>
      records.put('sum', (known = 0) => known + 1);
    await Promise.all(Array.from({ length: 200 }, () => store.write(add)));
    expect(fileStore<number>(path).get('sum')).toBe(200);
  });

  it('says that an event is known only when the file has it', async () => {
    const store = fileStore<string>(newPath());
    const results = await Promise.all([
      store.apply(changeTo(1), (records) => records.put('C1', () => 'Ada')),
      store.apply(changeTo(1), (records) => records.put('C1', () => 'Bob')),
    ]);
    expect(results).toEqual([true, false]);
    expect(store.get('C1')).toBe('Ada');
  });

  it('does not know what could not be written', async () => {
    const path = newPath();
    const store = fileStore(path);
    const circular: unknown[] = [];
    circular.push(circular);
    const failing = store.apply(changeTo(1), (records) => records.put('C1', () => circular));
    await expect(failing).rejects.toThrow(TypeError);
    expect(await store.versionOf('Customer', 'C1')).toBeUndefined();
    expect(await store.apply(changeTo(1), (records) => records.put('C1', () => 'Ada'))).toBe(true);
  });

  it('goes on when the disk takes writes again', async () => {
    const path = newPath();
    const store = fileStore<string>(path);
    mkdirSync(`${path}.tmp`);
    await expect(store.apply(changeTo(1), () => {})).rejects.toThrow('EISDIR');
    rmdirSync(`${path}.tmp`);
    expect(await store.apply(changeTo(1), () => {})).toBe(true);
  });

  it('does not write over what another process has written', async () => {
    const path = newPath();
    const one = fileStore<string>(path);
    const other = fileStore<string>(path);
    await one.write((records) => records.put('C1', () => 'Ada'));
    const late = other.write((records) => records.put('C2', () => 'Bob'));
    await expect(late).rejects.toThrow('Something else has written');
    expect(fileStore(path).list()).toEqual(['Ada']);
  });

  it('lets only its owner read the file, and leaves no draft behind', async () => {
    const path = newPath();
    await fileStore<string>(path).write((records) => records.put('C1', () => 'Ada'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}.tmp`)).toBe(false);
  });

  it.each(['', '{', '[]', 'null', '{"format":2,"versions":{},"records":{}}', '{"records":{}}'])(
    'does not open, and does not touch, a file that is no store: %s',
    (text) => {
      const path = newPath();
      writeFileSync(path, text);
      expect(() => fileStore(path)).toThrow(`${path} is not a store`);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  it('gives back whatever JSON can hold, under ids of any kind', async () => {
    const anyId = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('__proto__', 'constructor', '', '1', 'a/b'),
    );
    const anyRecords = fc.dictionary(anyId, fc.jsonValue({ noUnicodeString: false }));
    await fc.assert(
      fc.asyncProperty(anyRecords, async (values) => {
        const path = newPath();
        const store = fileStore(path);
        const entries = Object.entries(values);
        for (const [id, value] of entries) {
          await store.apply(changeTo(1, id), (records) => records.put(id, () => value));
        }
        const again = fileStore(path);
        for (const [id, value] of entries) {
          expect(JSON.stringify(again.get(id))).toBe(JSON.stringify(value));
          expect(await again.versionOf('Customer', id)).toBe(1);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a receiver with a file store', () => {
  it('goes on after a restart where it was', async () => {
    const path = newPath();
    const start = () => {
      const store = fileStore<Customer>(path);
      const receiver = createReceiver<Customer, RecordChanges<Customer>>({
        secret,
        store,
        on: { '*': ({ data }, records) => records.put('C1', () => data as Customer) },
      });
      return { store, receiver };
    };
    await start().receiver.handle(deliveryOf(eventOf({ version: 2 })));
    const { store, receiver } = start();
    const late = await receiver.handle(deliveryOf(eventOf({ version: 1 })));
    expect(late.body).toBe('{"status":"known"}');
    expect(store.get('C1')?.name).toBe('Ada 2');
  });
});
