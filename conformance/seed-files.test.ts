import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import type { ProjectFolder } from './testing/project-folder.ts';
import { header, seed, shippingCsv, smallProject, start } from './testing/small-project.ts';

const everything = '{ customers { nodes { id name createdAt parcels carrier limit note } } }';

const anna = { id: 'A', name: 'Anna', createdAt: '2026-02-01T01:30:00Z' };
const bo = { id: 'B', name: 'Bo, "B"\nand Co.', createdAt: null };
const nameless = { id: 'C', name: '', createdAt: '2026-02-01T00:00:00Z' };
const noRow = { parcels: 0, carrier: 'POST', limit: null, note: 'none' };

describe('a seed file', () => {
  const expected = [
    { ...anna, parcels: 3, carrier: 'BIKE', limit: 12.5, note: 'Tür "2"' },
    { ...bo, parcels: 0, carrier: 'POST', limit: null, note: 'none' },
    { ...nameless, ...noRow },
  ];

  it.each([
    {
      format: 'CSV',
      write: async (project: ProjectFolder): Promise<void> =>
        project.write(shippingCsv, `${header}A,3,B,12.50,"Tür ""2"""\nB,,P,,\n`),
    },
    {
      format: 'CSV with CRLF, a byte order mark and no last line break',
      write: async (project: ProjectFolder): Promise<void> =>
        project.write(
          shippingCsv,
          `\uFEFF${header}A,3,B,12.50,"Tür ""2"""\nB,,P,,`.replaceAll('\n', '\r\n'),
        ),
    },
    {
      format: 'NDJSON',
      write: async (project: ProjectFolder): Promise<void> =>
        project.write(
          `${seed}/shipping/customer.ndjson`,
          '{"id":"A","parcels":3,"carrier_code":"B","limit":12.5,"note":"Tür \\"2\\"","more":[1]}\n\n{"limit":null,"carrier_code":"P","id":"B"}\n',
        ),
    },
    {
      format: 'Parquet',
      write: async (project: ProjectFolder): Promise<void> =>
        project.writeParquet(
          `${seed}/shipping/customer.parquet`,
          `SELECT 'A' AS id, 3::BIGINT AS parcels, 'B' AS carrier_code, 12.5::DOUBLE AS "limit", 'Tür "2"' AS note
           UNION ALL SELECT 'B', NULL, 'P', NULL, NULL ORDER BY id`,
        ),
    },
  ])('may be $format', async ({ write }) => {
    const project = smallProject();
    await write(project);
    const { ask } = await start(project);
    expect(await ask(everything)).toEqual({
      status: 200,
      data: { customers: { nodes: expected } },
    });
  });

  it('may lack a column for which the mapping declares a default', async () => {
    const project = smallProject();
    project.write(shippingCsv, 'id,limit,carrier_code\nA,1,B\n');
    const { ask } = await start(project);
    expect((await ask(everything)).data).toMatchObject({
      customers: {
        nodes: [{ parcels: 0, carrier: 'BIKE', limit: 1, note: 'none' }, noRow, noRow],
      },
    });
  });

  it('may have no rows, and need not be there', async () => {
    const project = smallProject();
    project.write(shippingCsv, header);
    const { ask } = await start(project);
    expect((await ask(everything)).data).toMatchObject({
      customers: { nodes: [noRow, noRow, noRow] },
    });
  });

  it('is found by a name that looks like a pattern, and read by names in any case', async () => {
    const project = smallProject();
    project.edit(
      'subgraphs/shipping/schema.graphql',
      '@table {\n  id: ID!\n  parcels',
      '@table(name: "c[ab]*?") {\n  id: ID! @column(name: "ID")\n  parcels',
    );
    project.write(`${seed}/shipping/c[ab]*?.csv`, `${header.toUpperCase()}A,3,B,12.50,x\n`);
    project.write(`${seed}/shipping/ca.csv`, `${header}A,4,B,12.50,y\n`);
    const { ask } = await start(project);
    expect(await ask('{ customer(id: "A") { parcels limit } }')).toMatchObject({
      data: { customer: { parcels: 3, limit: 12.5 } },
    });
  });

  it('is read once: what the lake holds by then is the truth', async () => {
    const project = smallProject();
    project.write(shippingCsv, `${header}A,3,B,12.50,x\n`);
    const dataDirectory = tempFolder();
    await (await start(project, dataDirectory)).server.close();
    project.write(shippingCsv, 'this is no longer looked at');
    const { ask } = await start(project, dataDirectory);
    expect(await ask('{ customer(id: "A") { parcels } }')).toMatchObject({
      data: { customer: { parcels: 3 } },
    });
  });
});

describe('rows that name what does not exist', () => {
  it('wait in quarantine and do not show', async () => {
    const project = smallProject();
    project.write(shippingCsv, `${header}A,3,B,12.50,x\nZ,7,B,1,ghost\n`);
    project.write(
      `${seed}/shipping/shipment.csv`,
      'id,customer_id,returned_id\nS1,A,\nS2,Z,\nS3,A,S2\nS4,A,S1\n',
    );
    const { ask } = await start(project);
    const { data, errors } = await ask(`{
      ghost: customer(id: "Z") { name parcels }
      customers { totalCount nodes { id } }
      customer(id: "A") { shipments { id returns { id } } }
      shipments { nodes { id customer { name } } }
      lost: shipment(id: "S2") { id }
      returnOfLost: shipment(id: "S3") { id }
    }`);
    expect(data).toMatchObject({
      ghost: null,
      customers: { totalCount: 3, nodes: [{ id: 'A' }, { id: 'B' }, { id: 'C' }] },
      customer: { shipments: [{ id: 'S1' }, { id: 'S4', returns: { id: 'S1' } }] },
      lost: null,
      returnOfLost: null,
    });
    expect(errors).toBeUndefined();
  });
});
