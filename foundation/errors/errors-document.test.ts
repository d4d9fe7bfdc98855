import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { errorsDocument } from './errors-document.ts';

const root = resolve(import.meta.dirname, '../..');

describe('docs/errors.md', () => {
  it('says what the catalogue says', () => {
    expect(readFileSync(join(root, 'docs/errors.md'), 'utf8')).toBe(errorsDocument());
  });
});

describe('the catalogue', () => {
  const codes = new Set(Object.keys(catalogue));
  const raised = raisedCodes();

  it('has every code that the product raises', () => {
    expect([...raised].filter((code) => !codes.has(code))).toEqual([]);
  });

  it('has no code that nothing raises', () => {
    expect([...codes].filter((code) => !raised.has(code))).toEqual([]);
  });
});

/** Codes in the product's sources, wherever they stand as a string of capitals. */
function raisedCodes(): ReadonlySet<string> {
  const rooms = ['access', 'cli', 'console', 'domains', 'foundation', 'gateway', 'hub', 'lake'];
  const moving = ['control', 'events', 'ledger', 'motion', 'sync'];
  const files = [...rooms, ...moving, 'mapping', 'registry', 'seed', 'wire'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(root, room, file),
    ),
  );
  const sources = files.filter(
    (file) =>
      file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('errors/catalogue.ts'),
  );
  const found = sources.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g),
  ]);
  const names = new Set(Object.keys(catalogue));
  const inRaise = sources.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/\braise\(\s*'([A-Z0-9_]+)'/g),
  ]);
  return new Set([
    ...found.map(([, code = '']) => code).filter((code) => names.has(code)),
    ...inRaise.map(([, code = '']) => code),
  ]);
}
