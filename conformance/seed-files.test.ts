import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { startProject, type TestProject } from './testing/start-project.ts';
import { startUpError } from './testing/start-up-error.ts';

const identity = `${schemaHead}
type Customer @key(fields: "id") @table @identity(fields: "id name createdAt") {
  id: ID!
  name: String!
  createdAt: DateTime
}
type Query { customer(id: ID!): Customer }
`;

const shipping = `${schemaHead}
enum Carrier { POST BIKE }
type Customer @key(fields: "id") @table {
  id: ID!
  parcels: Int! @column(default: "0")
  carrier: Carrier! @column(from: "case carrier_code when 'B' then 'BIKE' else 'POST' end", default: "POST")
  limit: Decimal @column(type: "DECIMAL(9,2)")
  note: String @column(default: "none")
  shipments: [Shipment!]! @relation(columns: ["customer_id"])
}
type Shipment @key(fields: "id") @table {
  id: ID!
  customer: Customer! @relation(columns: ["customer_id"])
  returns: Shipment @relation(columns: ["returned_id"])
}
type Query { shipment(id: ID!): Shipment }
`;

const seed = 'lake-data/seed';
const shippingCsv = `${seed}/shipping/customer.csv`;
const header = 'id,parcels,carrier_code,limit,note\n';

function smallProject(): ProjectFolder {
  const project = ProjectFolder.empty(tempFolder());
  project.addSubgraph('identity', identity);
  project.addSubgraph('shipping', shipping);
  project.write(
    `${seed}/identity/customer.csv`,
    'id,name,created_at\nA,Anna,2026-01-31T23:30:00-02:00\nB,"Bo, ""B""\nand Co.",\nC,"",2026-02-01T00:00:00Z\n',
  );
  return project;
}

function start(project: ProjectFolder, dataDirectory = tempFolder()): Promise<TestProject> {
  return startProject({ projectDirectory: project.directory, dataDirectory });
}

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

describe('a column that a mapping reads for the first time', () => {
  it('is filled from the seed file, for the rows that the lake has by then', async () => {
    const project = smallProject();
    project.write(shippingCsv, `fax,${header}1,A,3,B,12.50,x\n2,B,4,B,1,y\n3,Z,4,B,1,y\n`);
    project.write(
      `${seed}/shipping/shipment.csv`,
      'id,customer_id,returned_id,paid_by\nS1,A,,B\nS2,B,,\nS3,Z,,\nS4,A,,Z\n',
    );
    const dataDirectory = tempFolder();
    await (await start(project, dataDirectory)).server.close();
    project.edit(
      'subgraphs/shipping/schema.graphql',
      '  shipments:',
      '  fax: String\n  pager: String @column(default: "-")\n  paidShipments: [Shipment!]! @relation(columns: ["paid_by"])\n  shipments:',
    );
    const { ask } = await start(project, dataDirectory);
    const { data, errors } = await ask(
      '{ customers { nodes { fax pager parcels paidShipments { id } shipments { id } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      customers: {
        nodes: [
          {
            fax: '1',
            pager: '-',
            parcels: 3,
            paidShipments: [],
            shipments: [{ id: 'S1' }, { id: 'S4' }],
          },
          {
            fax: '2',
            pager: '-',
            parcels: 4,
            paidShipments: [{ id: 'S1' }],
            shipments: [{ id: 'S2' }],
          },
          { fax: null, pager: '-', parcels: 0, paidShipments: [], shipments: [] },
        ],
      },
    });
  });

  it('leads rows that name nobody into quarantine, beside those that wait there', async () => {
    const project = smallProject();
    project.write(
      `${seed}/shipping/shipment.csv`,
      'id,customer_id,returned_id,paid_by\nS1,A,,B\nS3,Z,,\nS4,A,,Z\n',
    );
    const dataDirectory = tempFolder();
    await (await start(project, dataDirectory)).server.close();
    project.edit(
      'subgraphs/shipping/schema.graphql',
      '  returns:',
      '  paidBy: Customer @relation(columns: ["paid_by"])\n  returns:',
    );
    const { ask } = await start(project, dataDirectory);
    expect(await ask('{ shipments { nodes { id paidBy { id } } } }')).toEqual({
      status: 200,
      data: { shipments: { nodes: [{ id: 'S1', paidBy: { id: 'B' } }] } },
    });
  });

  const summed = (expression: string): string => `${schemaHead}
type Customer @key(fields: "id") @table @related(table: "call", columns: ["caller"]) {
  id: ID!
  calls: Int! @column(from: "count(call)", default: "0")
  ${expression}
}
`;

  it('is filled in a table without a key, whose rows may repeat', async () => {
    const project = smallProject();
    project.addSubgraph('phone', summed(''));
    project.write(`${seed}/phone/customer.csv`, 'id\nA\n');
    project.write(`${seed}/phone/call.csv`, 'caller,minutes\nA,2\nA,2\nA,5\n');
    const dataDirectory = tempFolder();
    await (await start(project, dataDirectory)).server.close();
    project.write(
      'subgraphs/phone/schema.graphql',
      summed('minutes: Int @column(from: "sum(call.minutes)")'),
    );
    const { ask } = await start(project, dataDirectory);
    expect(await ask('{ customer(id: "A") { calls minutes } }')).toEqual({
      status: 200,
      data: { customer: { calls: 3, minutes: 9 } },
    });
  });

  it('is refused in a table without a key that is not what the file holds', async () => {
    const project = smallProject();
    project.addSubgraph('phone', summed(''));
    project.write(`${seed}/phone/customer.csv`, 'id\nA\n');
    project.write(`${seed}/phone/call.csv`, 'caller\nA\nA\n');
    const dataDirectory = tempFolder();
    await (await start(project, dataDirectory)).server.close();
    project.write(`${seed}/phone/call.csv`, 'caller,minutes\nA,5\n');
    project.write(
      'subgraphs/phone/schema.graphql',
      summed('minutes: Int @column(from: "sum(call.minutes)")'),
    );
    expect(await startUpError(project, dataDirectory)).toMatchObject({
      code: 'SEED_ROWS_DIFFER',
      place: expect.stringMatching(/^subgraphs\/phone\/schema\.graphql:\d+:\d+$/),
    });
    project.write('subgraphs/phone/schema.graphql', summed(''));
    const { ask } = await start(project, dataDirectory);
    expect((await ask('{ customer(id: "A") { calls } }')).data).toEqual({ customer: { calls: 2 } });
  });
});
