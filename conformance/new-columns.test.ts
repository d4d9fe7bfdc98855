import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { schemaHead } from './testing/project-folder.ts';
import { header, seed, shippingCsv, smallProject, start } from './testing/small-project.ts';
import { startUpError } from './testing/start-up-error.ts';

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

  it('leads a row without a reference that it must have into quarantine', async () => {
    const project = smallProject();
    project.write(`${seed}/shipping/shipment.csv`, 'id,customer_id,returned_id\nS1,A,\nS2,,\n');
    const { ask } = await start(project);
    expect(await ask('{ shipments { totalCount nodes { id customer { id } } } }')).toEqual({
      status: 200,
      data: { shipments: { totalCount: 1, nodes: [{ id: 'S1', customer: { id: 'A' } }] } },
    });
  });

  it('is added empty where it may be missing, and the next sync fills it', async () => {
    const project = smallProject();
    project.write(shippingCsv, `${header}A,3,B,12.50,x\n`);
    project.write(`${seed}/shipping/shipment.csv`, 'id,customer_id,returned_id\nS1,A,\n');
    project.write(
      'subgraphs/shipping/sync.yaml',
      'tables:\n  shipment: { source: { push: true }, watermark: { column: at } }\n',
    );
    const dataDirectory = tempFolder();
    const push = async (url: string, row: object): Promise<unknown> => {
      const answer = await fetch(new URL('/sync/shipping', url), {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: `${JSON.stringify({ id: 'S1', customer_id: 'A', at: '2026-01-01T00:00:00Z', ...row })}\n`,
      });
      return answer.json();
    };
    const before = await start(project, dataDirectory);
    await push(before.server.url, { returned_id: null });
    await before.server.close();
    const schema = 'subgraphs/shipping/schema.graphql';
    project.edit(schema, '  returns:', '  weight: Int\n  returns:');
    expect(await startUpError(project, dataDirectory)).toMatchObject({
      code: 'MAPPING_COLUMN_MISSING',
      message: expect.stringMatching(/ Known: customer_id, id, returned_id\./),
    });
    project.edit(
      schema,
      '  weight: Int',
      '  weight: Int @column(default: null)\n  payerId: ID @column(name: "paid_by", default: null)',
    );
    const added = await start(project, dataDirectory);
    const question = '{ shipments { nodes { id weight } } }';
    expect((await added.ask(question)).data).toEqual({
      shipments: { nodes: [{ id: 'S1', weight: null }] },
    });
    await push(added.server.url, { returned_id: null, weight: 7, paid_by: 'B' });
    expect((await added.ask(question)).data).toEqual({
      shipments: { nodes: [{ id: 'S1', weight: 7 }] },
    });
    await added.server.close();
    project.edit(
      schema,
      '  payerId: ID @column(name: "paid_by", default: null)',
      '  payer: Customer @relation(columns: ["paid_by"])',
    );
    const { ask } = await start(project, dataDirectory);
    expect((await ask('{ shipments { nodes { payer { name } } } }')).data).toEqual({
      shipments: { nodes: [{ payer: { name: 'Bo, "B"\nand Co.' } }] },
    });
  });

  it('may be that of a relation, from both of its ends, in one step', async () => {
    const project = smallProject();
    project.write(shippingCsv, `${header}A,3,B,12.50,x\n`);
    project.write(`${seed}/shipping/shipment.csv`, 'id,customer_id,returned_id\nS1,A,\n');
    project.write(
      'subgraphs/shipping/sync.yaml',
      'tables: { shipment: { source: { push: true } } }',
    );
    const dataDirectory = tempFolder();
    await (await start(project, dataDirectory)).server.close();
    const schema = 'subgraphs/shipping/schema.graphql';
    const relation = '@relation(columns: ["paid_by"])';
    project.edit(schema, '  returns:', `  payer: Customer ${relation}\n  returns:`);
    expect(await startUpError(project, dataDirectory)).toMatchObject({
      code: 'MAPPING_COLUMN_MISSING',
    });
    project.edit(schema, `Customer ${relation}`, `Customer ${relation} @column(default: null)`);
    project.edit(
      schema,
      '  shipments:',
      `  paid: [Shipment!]! ${relation} @column(default: null)\n  shipments:`,
    );
    const { ask, server } = await start(project, dataDirectory);
    const question =
      '{ shipments { nodes { payer { id paid { id } } } } customer(id: "B") { paid { id } } }';
    expect((await ask(question)).data).toEqual({
      shipments: { nodes: [{ payer: null }] },
      customer: { paid: [] },
    });
    await fetch(new URL('/sync/shipping', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: '{ "id": "S1", "customer_id": "A", "paid_by": "B" }\n',
    });
    expect((await ask(question)).data).toEqual({
      shipments: { nodes: [{ payer: { id: 'B', paid: [{ id: 'S1' }] } }] },
      customer: { paid: [{ id: 'S1' }] },
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
