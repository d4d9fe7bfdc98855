import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { header, seed, shippingCsv, smallProject, start } from './testing/small-project.ts';
import { startUpError } from './testing/start-up-error.ts';

describe('a seed file that cannot be loaded', () => {
  it.each([
    {
      what: 'a value of another type',
      text: `${header}A,3,B,12.50,x\nB,three,P,1,y\n`,
      line: 3,
      problem: /three/,
    },
    {
      what: 'a row with too many values',
      text: `${header}A,3,B,12.50,x\nB,1,P,1,y\nC,1,P,1,y,more\n`,
      line: 4,
      problem: /5 .*6|6 .*5/,
    },
    {
      what: 'a row with too few values',
      text: `${header}A,3,B,12.50,x\nB,1\n`,
      line: 3,
      problem: /5 .*2|2 .*5/,
    },
    { what: 'a quote without its end', text: `${header}A,3,B,1,"x\n`, line: 2, problem: /quote/i },
    {
      what: 'a number beyond its scale',
      text: `${header}A,3,B,123456789012,x\n`,
      line: 2,
      problem: /123456789012/,
    },
  ])('is refused whole, with the line: $what', async ({ text, line, problem }) => {
    const project = smallProject();
    project.write(shippingCsv, text);
    const dataDirectory = tempFolder();
    const error = await startUpError(project, dataDirectory);
    expect(error).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: `${shippingCsv}:${line}`,
      message: expect.stringMatching(problem),
      hint: expect.stringContaining('Nothing of it was loaded'),
    });
    project.write(shippingCsv, `${header}A,3,B,12.50,x\n`);
    const { ask } = await start(project, dataDirectory);
    expect((await ask('{ customers { totalCount nodes { parcels } } }')).data).toEqual({
      customers: { totalCount: 3, nodes: [{ parcels: 3 }, { parcels: 0 }, { parcels: 0 }] },
    });
  });

  it.each([
    { path: shippingCsv, text: `${header}A,3,B,12.555,x\n`, number: '12.555 in limit' },
    {
      path: `${seed}/shipping/customer.ndjson`,
      text: '{"id":"A","parcels":3.7,"carrier_code":"B","limit":1,"note":"x"}\n',
      number: '3.7 in parcels',
    },
  ])('is refused where a number would be rounded: $number', async ({ path, text, number }) => {
    const project = smallProject();
    project.write(path, text);
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: path,
      message: expect.stringContaining(`${number} has more digits than`),
    });
  });

  it('is taken where only zeros go', async () => {
    const project = smallProject();
    project.write(shippingCsv, `${header}A,3,B,12.5000,x\n`);
    const { ask } = await start(project);
    expect((await ask('{ customer(id: "A") { limit } }')).data).toEqual({
      customer: { limit: 12.5 },
    });
  });

  it('is refused for JSON that is cut off, with the line', async () => {
    const project = smallProject();
    const path = `${seed}/shipping/customer.ndjson`;
    project.write(path, '{"id":"A","parcels":1,"carrier_code":"B","limit":1}\n{"id":"B","parc\n');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: `${path}:2`,
    });
  });

  it('is refused for a JSON value of another type, with the line', async () => {
    const project = smallProject();
    const path = `${seed}/shipping/customer.ndjson`;
    project.write(
      path,
      '{"id":"A","parcels":1,"carrier_code":"B","limit":1}\n{"id":"B","parcels":"x"}\n',
    );
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: `${path}:2`,
      message: expect.stringContaining('"x"'),
    });
  });

  it('is refused for a Parquet file that is none', async () => {
    const project = smallProject();
    project.write(`${seed}/shipping/customer.parquet`, 'id,parcels\nA,1\n');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: `${seed}/shipping/customer.parquet`,
      message: expect.stringMatching(/parquet/i),
    });
  });

  it.each([
    { what: 'CSV', file: 'customer.csv', text: `${header}A,1,B,1,x\nB,2,P,2,y\nA,3,P,3,z\n` },
    {
      what: 'NDJSON',
      file: 'customer.ndjson',
      text: '{"id":"A","carrier_code":"B","limit":1}\n{"id":"B"}\n{"id":"A"}\n',
    },
  ])('is refused for a key that it holds twice, and names it ($what)', async ({ file, text }) => {
    const project = smallProject();
    project.write(`${seed}/shipping/${file}`, text);
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: expect.stringContaining(`${seed}/shipping/${file}`),
      message: expect.stringMatching(/duplicate key.*A/i),
    });
  });

  it('is refused for a row without a key', async () => {
    const project = smallProject();
    project.write(shippingCsv, `${header},1,B,1,x\n`);
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      message: expect.stringMatching(/NOT NULL.*customer\.id/),
    });
  });

  it('is refused beside another one for the same table', async () => {
    const project = smallProject();
    project.write(shippingCsv, header);
    project.write(`${seed}/shipping/customer.ndjson`, '');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_AMBIGUOUS',
      message: expect.stringMatching(/customer\.csv and .*customer\.ndjson/),
    });
  });

  it('is refused without a column that nothing stands in for, with the nearest name', async () => {
    const project = smallProject();
    project.write(shippingCsv, 'id,parcels,carrier_code,limits,note\nA,3,B,12.50,x\n');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_COLUMN_MISSING',
      place: expect.stringMatching(/^subgraphs\/shipping\/schema\.graphql:\d+:\d+$/),
      message: expect.stringMatching(/Customer\.limit .*\blimit\b.*customer\.csv.*"limits"/),
    });
  });

  it('is refused when it is empty', async () => {
    const project = smallProject();
    project.write(shippingCsv, '');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: expect.stringMatching(/^SEED_(COLUMN_MISSING|FILE_CORRUPT)$/),
    });
  });

  it('is refused when it is not UTF-8', async () => {
    const project = smallProject();
    project.write(shippingCsv, header);
    writeFileSync(
      project.pathOf(shippingCsv),
      Buffer.from(`${header}A,1,B,1,Caf\u00e9\n`, 'latin1'),
    );
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_FILE_CORRUPT',
      place: expect.stringContaining(shippingCsv),
      message: expect.stringMatching(/utf-?8|unicode/i),
    });
  });
});
