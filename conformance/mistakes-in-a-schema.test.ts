import { describe, expect, it } from 'vitest';
import { tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import { startProject } from './testing/start-project.ts';
import { startUpError } from './testing/start-up-error.ts';

const sales = 'subgraphs/sales/schema.graphql';
const shippingWith = (fields: string): string =>
  `${schemaHead}type Customer @key(fields: "id") @table {\n  id: ID!\n  ${fields}\n}\n`;
const fieldLine = (file: string): RegExp => new RegExp(`^${file}:\\d+:\\d+$`);

function repository(): ProjectFolder {
  return ProjectFolder.copyOfRepository(tempFolder());
}

describe('a mistake in a schema stops the start, and says what, where and how to fix it', () => {
  it('two domains own one field: the names that would tell them apart', async () => {
    const project = repository();
    project.edit(sales, '  salesRep: String', '  salesRep: String\n  fax: String');
    project.addSubgraph('shipping', shippingWith('fax: String'));
    const error = await startUpError(project, tempFolder());
    expect(error).toMatchObject({
      code: 'FIELD_HAS_TWO_OWNERS',
      hint: expect.stringMatching(/salesFax and shippingFax/),
    });
    expect(error.message).toMatch(/Customer\.fax has two owners/);
    expect(error.message).toMatch(/sales \(.*subgraphs\/sales\/schema\.graphql:\d+/);
    expect(error.message).toMatch(/shipping \(.*subgraphs\/shipping\/schema\.graphql:15/);
  });

  it('two domains own one field, each under its own name: both are served', async () => {
    const project = repository();
    const fax = '@column(name: "fax", default: null)';
    project.edit(sales, '  salesRep: String', `  salesRep: String\n  salesFax: String ${fax}`);
    project.addSubgraph('shipping', shippingWith(`shippingFax: String ${fax}`));
    project.write('lake-data/seed/shipping/customer.csv', 'id,fax\nC0000042,+1 555 0100\n');
    const { ask } = await startProject({ projectDirectory: project.directory });
    expect(await ask('{ customer(id: "C0000042") { salesFax shippingFax } }')).toEqual({
      status: 200,
      data: { customer: { salesFax: null, shippingFax: '+1 555 0100' } },
    });
  });

  it('the identity gains a field beyond the lean ones', async () => {
    const project = repository();
    const file = 'subgraphs/identity/schema.graphql';
    project.edit(
      file,
      '  createdBy: String!\n}\n\n"Where',
      '  createdBy: String!\n  fax: String\n}\n\n"Where',
    );
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'IDENTITY_NOT_LEAN',
      place: expect.stringMatching(fieldLine(file)),
      message: expect.stringContaining('fax is not one of its fields'),
      hint: expect.stringContaining('subgraphs/'),
    });
  });

  it('a mapping names a column that the seed file lacks', async () => {
    const project = repository();
    project.edit(sales, '  salesRep: String', '  salesRep: String @column(name: "sale_rep")');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SEED_COLUMN_MISSING',
      place: expect.stringMatching(fieldLine(sales)),
      message: expect.stringMatching(/Customer\.salesRep .*sale_rep.*Did you mean "sales_rep"\?/),
    });
  });

  it('a mapping names a column that the table lacks, and the lake stays as it was', async () => {
    const project = repository();
    const options = { projectDirectory: project.directory, dataDirectory: tempFolder() };
    await (await startProject(options)).server.close();
    project.edit(sales, '  salesRep: String', '  salesRep: String @column(name: "sale_rep")');
    expect(await startUpError(project, options.dataDirectory)).toMatchObject({
      code: 'MAPPING_COLUMN_MISSING',
      place: expect.stringMatching(fieldLine(sales)),
      message: expect.stringMatching(/sale_rep of sales\.customer.*Did you mean "sales_rep"\?/),
    });
    project.edit(sales, '@column(name: "sale_rep")', '');
    const { ask } = await startProject(options);
    expect(await ask('{ customers { totalCount } }')).toMatchObject({
      data: { customers: { totalCount: 1000 } },
    });
  });

  it('a mapping reads a column as another type than the table has', async () => {
    const project = repository();
    const options = { projectDirectory: project.directory, dataDirectory: tempFolder() };
    await (await startProject(options)).server.close();
    project.edit(sales, '  salesRep: String', '  salesRep: BigInt');
    project.edit(sales, 'scalar Decimal', 'scalar Decimal\nscalar BigInt');
    expect(await startUpError(project, options.dataDirectory)).toMatchObject({
      code: 'MAPPING_COLUMN_TYPE',
      place: expect.stringMatching(fieldLine(sales)),
      message: expect.stringMatching(/sales_rep of sales\.customer as BIGINT.*holds VARCHAR/),
    });
  });

  it.each([
    {
      what: 'a non-null field without a default',
      fields: 'fax: String!',
      code: 'MAPPING_DEFAULT_MISSING',
      line: 15,
    },
    {
      what: 'a directive that is misspelt',
      fields: 'fax: String @colum(name: "f")',
      code: 'SUBGRAPH_INVALID',
      line: 15,
    },
    { what: 'a type that is misspelt', fields: 'fax: Strin', code: 'SUBGRAPH_INVALID', line: 15 },
    { what: 'broken syntax', fields: 'fax: : String', code: 'SCHEMA_SYNTAX', line: 15 },
    {
      what: 'SQL where an expression belongs',
      fields: 'fax: String @column(from: "(select 1)")',
      code: 'MAPPING_EXPRESSION_INVALID',
      line: 15,
    },
    {
      what: 'a computed field that nothing computes',
      fields: 'fax: String @computed',
      code: 'RESOLVER_MISSING',
      line: 15,
    },
    {
      what: 'a key of another type',
      fields: 'fax: String',
      code: 'MAPPING_KEY_DIFFERS',
      line: 13,
      key: 'id: ID! @column(type: "BIGINT")',
    },
  ])('$what', async ({ fields, code, line, key = 'id: ID!' }) => {
    const project = repository();
    project.addSubgraph('shipping', shippingWith(fields).replace('id: ID!', key));
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code,
      place: expect.stringMatching(new RegExp(`^subgraphs/shipping/schema\\.graphql:${line}\\b`)),
    });
  });

  it('a schema file that is not there', async () => {
    const project = repository();
    project.remove('subgraphs/support');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'SCHEMA_FILE_UNREADABLE',
      place: expect.stringMatching(fieldLine('supergraph\\.yaml')),
    });
  });

  it('a resolver that throws when it is loaded', async () => {
    const project = repository();
    project.write('subgraphs/sales/resolvers.ts', 'throw new Error("no luck");');
    expect(await startUpError(project, tempFolder())).toMatchObject({
      code: 'RESOLVERS_FAILED',
      place: 'subgraphs/sales/resolvers.ts',
      message: expect.stringContaining('no luck'),
    });
  });
});
