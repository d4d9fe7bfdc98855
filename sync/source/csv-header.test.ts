import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../foundation/testing/temp-folder.ts';
import type { CsvForm } from '../declaration/sync-declaration.ts';
import { readCsvHeader } from './csv-header.ts';

function headerOf(text: string | Buffer, form: Partial<CsvForm> = {}) {
  const path = join(tempFolder(), 'file.csv');
  writeFileSync(path, text);
  return readCsvHeader(path, { delimiter: ',', quote: '"', encoding: 'utf-8', ...form });
}

describe('the header of a CSV file', () => {
  it.each([
    ['id,name\n1,x\n', ['id', 'name']],
    ['id', ['id']],
    ['\uFEFFid,name\r\n1,x\r\n', ['id', 'name']],
    ['"id","a ""b"", c",Größe\n', ['id', 'a "b", c', 'Größe']],
    ['"two\nlines",id\n', ['two\nlines', 'id']],
    ['id,,\n', ['id', '', '']],
  ])('is read from %j', async (text, names) => {
    expect(await headerOf(text)).toEqual(names);
  });

  it.each([[''], ['\n1,2\n'], ['"id,name\n1,x\n'], ['"id"x,name\n'], ['i"d,name\n']])(
    'is not there in %j',
    async (text) => {
      expect(await headerOf(text)).toBeUndefined();
    },
  );

  it('may be written in another form', async () => {
    expect(await headerOf(`'a;b';c\n`, { delimiter: ';', quote: "'" })).toEqual(['a;b', 'c']);
    expect(await headerOf(Buffer.from('Größe,id\n', 'latin1'), { encoding: 'latin-1' })).toEqual([
      'Größe',
      'id',
    ]);
    expect(
      await headerOf(Buffer.from('\uFEFFGröße,id\n', 'utf16le'), { encoding: 'utf-16' }),
    ).toEqual(['Größe', 'id']);
  });
});
