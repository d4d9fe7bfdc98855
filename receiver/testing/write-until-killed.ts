import { fileStore } from '../file-store.ts';

/** Writes one version after the other and says on standard output which ones the disk has, until it is killed. */
const [path = '', padding = '0'] = process.argv.slice(2);
const store = fileStore<{ readonly version: number; readonly padding: string }>(path);
const begin = (await store.versionOf('Customer', 'C1')) ?? 0;
for (let version = begin + 1; ; version += 1) {
  await store.apply({ entity: 'Customer', subject: 'C1', version }, (records) =>
    records.put('C1', () => ({ version, padding: 'x'.repeat(Number(padding)) })),
  );
  process.stdout.write(`${version}\n`);
}
