import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../foundation/log.ts';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { compose, type SubgraphToCompose } from './compose.ts';
import { KeptCompositions } from './kept-compositions.ts';

const log = createLog({ level: 'silent' });

function shop(fields: string, url = 'http://shop'): readonly SubgraphToCompose[] {
  const link =
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])';
  return [
    { name: 'shop', url, sdl: `${link} type Query { ${fields} }` },
    { name: 'other', url: 'http://other', sdl: `${link} type Query { other: Int }` },
  ];
}

/** Marks what is kept, so that it is seen when it is used. */
function mark(directory: string): void {
  for (const name of readdirSync(directory)) {
    const file = join(directory, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"supergraphSdl":"', '$&# kept\\n'));
  }
}

describe('compositions that are kept', () => {
  it('are those of composing, whatever the order, and are used by the next process', () => {
    const directory = join(tempFolder(), 'compositions');
    const subgraphs = shop('a: Int');
    const composed = new KeptCompositions({ directory, log }).compose({ subgraphs });
    expect(composed).toEqual(compose({ subgraphs }));
    mark(directory);
    const next = new KeptCompositions({ directory, log });
    const found = next.compose({ subgraphs: subgraphs.toReversed() });
    expect(found.supergraphSdl).toBe(`# kept\n${composed.supergraphSdl}`);
    expect(next.compose({ subgraphs })).toBe(found);
  });

  it.each([
    { change: 'a schema', changed: shop('b: Int') },
    { change: 'a description', changed: shop('"What it is." a: Int') },
    { change: 'an address', changed: shop('a: Int', 'http://elsewhere') },
    { change: 'a subgraph less', changed: shop('a: Int').slice(0, 1) },
  ])('are not those of $change', ({ changed }) => {
    const directory = tempFolder();
    new KeptCompositions({ directory, log }).compose({ subgraphs: shop('a: Int') });
    mark(directory);
    const composed = new KeptCompositions({ directory, log }).compose({ subgraphs: changed });
    expect(composed).toEqual(compose({ subgraphs: changed }));
  });

  it.each(['', '{', '{"supergraphSdl":"","hints":[]}', '{"supergraphSdl":"type'])(
    'are made anew where only a part of the file is left: %s',
    (rest) => {
      const directory = tempFolder();
      const subgraphs = shop('a: Int');
      const composed = new KeptCompositions({ directory, log }).compose({ subgraphs });
      const [name = ''] = readdirSync(directory);
      writeFileSync(join(directory, name), rest);
      expect(new KeptCompositions({ directory, log }).compose({ subgraphs })).toEqual(composed);
      expect(JSON.parse(readFileSync(join(directory, name), 'utf8'))).toEqual(composed);
    },
  );

  it('are few: those that no process uses any more, and drafts of killed ones, go', () => {
    const directory = tempFolder();
    new KeptCompositions({ directory, log }).compose({ subgraphs: shop('before: Int') });
    writeFileSync(join(directory, '.half.tmp'), '{');
    const kept = new KeptCompositions({ directory, log });
    for (const field of ['a', 'b', 'c', 'd', 'e', 'f']) {
      kept.compose({ subgraphs: shop(`${field}: Int`) });
    }
    expect(readdirSync(directory)).toHaveLength(4);
  });

  it('do not hold what does not compose', () => {
    const directory = tempFolder();
    const kept = new KeptCompositions({ directory, log });
    const subgraphs = shop('other: String');
    for (const _ of [1, 2]) expect(() => kept.compose({ subgraphs })).toThrow(/other/);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are made all the same where they cannot be kept, which is a warning', () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    const kept = new KeptCompositions({
      directory: join(file, 'compositions'),
      log: createLog({ level: 'warn', destination }),
    });
    expect(kept.compose({ subgraphs: shop('a: Int') }).supergraphSdl).toContain('type Query');
    expect(lines).toEqual([expect.stringContaining('"level":"warn"')]);
  });
});
