import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { literal, sql } from '../lake/sql.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { openLakeOf } from './testing/open-lake-of.ts';

const domains = {
  identity: `
    type Customer @key(fields: "id") @table @identity(fields: "id name") { id: ID! name: String! }
    type Query { customer(id: ID!): Customer }`,
};
const customers = 70_000;
const lines = Array.from({ length: customers }, (_, index) => `C${index},Customer number ${index}`);

it('stores texts and page numbers as they are, the latter in pieces of which few are read for a page', async () => {
  const { lake, model } = await openLakeOf({
    directory: tempFolder(),
    domains,
    rows: { 'identity/customer.csv': `id,name\n${lines.join('\n')}\n` },
  });
  onTestFinished(() => lake.close());
  await lake.checkpoint();
  const [projection] = [...projectionsOf(model).values()];
  const { columns } = await lake.read(
    sql`SELECT column_name, string_agg(DISTINCT compression), max("count")::INTEGER FROM pragma_storage_info(${literal(`hub.${projection?.table}`)}) WHERE segment_type <> 'VALIDITY' AND column_name IN ('_seq', 'id', 'name') GROUP BY ALL ORDER BY ALL`,
  );
  const [names, compressions, largest] = columns;
  expect({ names, compressions }).toEqual({
    names: ['_seq', 'id', 'name'],
    compressions: ['Uncompressed', 'Uncompressed', 'Uncompressed'],
  });
  expect(largest?.[0]).toBeLessThan(customers / 2);
});
