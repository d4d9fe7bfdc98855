import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { startProject } from './testing/start-project.ts';

const shipping = `${schemaHead}
type Customer @key(fields: "id") @table {
  id: ID!
  "Where the carrier sends its papers."
  shippingFax: String
  parcelCount: Int! @column(default: "0")
}
`;

const everyDomain = `
  query ($id: ID!) {
    customer(id: $id) {
      name
      accountValue
      creditLimit
      supportTier
      paymentTerms
      invoices { id amount }
      shippingFax
      parcelCount
    }
  }
`;

function fifthDomain(): ProjectFolder {
  const project = ProjectFolder.copyOfRepository(tempFolder());
  project.addSubgraph('shipping', shipping);
  return project;
}

const seedPath = 'lake-data/seed/shipping/customer';

const seedFormats: readonly {
  readonly format: string;
  readonly write: (project: ProjectFolder) => Promise<void>;
}[] = [
  {
    format: 'CSV',
    write: async (project) =>
      project.write(
        `${seedPath}.csv`,
        'shipping_fax,id,parcel_count\n"+49 30 1, ""Süd""",C0000001,3\n,C0000042,\n',
      ),
  },
  {
    format: 'NDJSON',
    write: async (project) =>
      project.write(
        `${seedPath}.ndjson`,
        '{"id":"C0000001","shipping_fax":"+49 30 1, \\"Süd\\"","parcel_count":3}\n{"id":"C0000042"}\n',
      ),
  },
  {
    format: 'Parquet',
    write: async (project) =>
      project.writeParquet(
        `${seedPath}.parquet`,
        `SELECT 'C0000001' AS id, '+49 30 1, "Süd"' AS shipping_fax, 3 AS parcel_count UNION ALL SELECT 'C0000042', NULL, NULL`,
      ),
  },
];

describe('a fifth domain, added by a folder and an entry in supergraph.yaml', () => {
  it.each(seedFormats)('is filled from its seed file ($format)', async ({ write }) => {
    const project = fifthDomain();
    await write(project);
    const { ask, statements } = await startProject({ projectDirectory: project.directory });
    statements.length = 0;
    const fax = '{ customer(id: "C0000001") { name shippingFax parcelCount supportTier } }';
    expect(await ask(fax)).toMatchObject({
      data: {
        customer: { shippingFax: '+49 30 1, "Süd"', parcelCount: 3, supportTier: 'PLATINUM' },
      },
    });
    expect(statements).toHaveLength(1);
    const { data, errors } = await ask(everyDomain, { id: 'C0000042' });
    expect(errors).toBeUndefined();
    expect(data?.['customer']).toMatchObject({
      accountValue: 95761.38,
      creditLimit: 9576.14,
      supportTier: 'SILVER',
      paymentTerms: 'NET_60',
      shippingFax: null,
      parcelCount: 0,
    });
  });

  it('needs no rows: its fields are null, or what the mapping declares', async () => {
    const project = fifthDomain();
    const { ask } = await startProject({ projectDirectory: project.directory });
    const { data, errors } = await ask(everyDomain, { id: 'C0000042' });
    expect(errors).toBeUndefined();
    expect(data?.['customer']).toMatchObject({ shippingFax: null, parcelCount: 0 });
  });

  it('joins a lake that was there before, without touching the rows of others', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    const options = { projectDirectory: project.directory, dataDirectory: tempFolder() };
    const others = `{ customers(first: 1000) { totalCount nodes { id name accountValue supportTier vatNumber invoices { id } } } }`;
    const before = await startProject(options);
    const answerBefore = await before.ask(others);
    expect((await before.ask('{ customers { nodes { shippingFax } } }')).errors).toHaveLength(1);
    await before.server.close();

    project.addSubgraph('shipping', shipping);
    project.write(`${seedPath}.csv`, 'id,shipping_fax,parcel_count\nC0000007,+1 555 0100,9\n');
    const after = await startProject(options);
    expect(await after.ask(others)).toEqual(answerBefore);
    expect(
      await after.ask(
        '{ customers(first: 2, after: null) { nodes { shippingFax } } customer(id: "C0000007") { shippingFax parcelCount } }',
      ),
    ).toMatchObject({
      data: {
        customers: { nodes: [{ shippingFax: null }, { shippingFax: null }] },
        customer: { shippingFax: '+1 555 0100', parcelCount: 9 },
      },
    });
  });

  it('gives the same answer without the hub', async () => {
    const project = fifthDomain();
    project.write(`${seedPath}.csv`, 'id,shipping_fax,parcel_count\nC0000042,+1 555 0100,9\n');
    const projectDirectory = project.directory;
    const hub = await startProject({ projectDirectory });
    const plain = await startProject({ projectDirectory, flags: { graph: { hub: false } } });
    const variables = { id: 'C0000042' };
    const answer = await plain.ask(everyDomain, variables);
    expect(answer).toMatchObject({ data: { customer: { shippingFax: '+1 555 0100' } } });
    expect(answer).toEqual(await hub.ask(everyDomain, variables));
  });

  it('may have a name with a hyphen and tables with odd names', async () => {
    const project = ProjectFolder.copyOfRepository(tempFolder());
    const odd = `${schemaHead}
type Customer @key(fields: "id") @table(name: "Kunden \\"2026\\"") {
  id: ID! @column(name: "Kd.-Nr.")
  hazardClass: String @column(name: "select")
}
`;
    project.addSubgraph('goods-in', odd);
    project.write('lake-data/seed/goods-in/Kunden "2026".csv', 'Kd.-Nr.,select\nC0000042,"a;b"\n');
    const { ask } = await startProject({ projectDirectory: project.directory });
    expect(await ask('{ customer(id: "C0000042") { hazardClass } }')).toMatchObject({
      data: { customer: { hazardClass: 'a;b' } },
    });
  });
});
