import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { readCsvHeader } from './csv-header.ts';

function headerOf(text: string): Promise<readonly string[] | undefined> {
  const path = join(tempFolder(), 'file.csv');
  writeFileSync(path, text);
  return readCsvHeader(path);
}

describe('the header of a CSV file', () => {
  it.each([
    ['id,name\n1,x\n', ['id', 'name']],
    ['id,name', ['id', 'name']],
    ['\uFEFFid,name\r\n1,x\r\n', ['id', 'name']],
    ['id,name\r1,x\r', ['id', 'name']],
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
});
