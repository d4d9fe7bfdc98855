import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { ProjectFolder, schemaHead } from './testing/project-folder.ts';
import {
  startProject,
  startProjectUntilClosed,
  type TestProject,
} from './testing/start-project.ts';

const catalog = `${schemaHead}
type Product @key(fields: "sku") @table @identity(fields: "sku name supplier") {
  sku: ID!
  name: String!
  supplier: Supplier @relation(columns: ["supplier_country", "supplier_number"])
}

type Supplier @key(fields: "country number") @table {
  country: ID!
  number: ID! @column(type: "INTEGER")
  name: String!
  products: [Product!]! @relation(columns: ["supplier_country", "supplier_number"])
}

type Query {
  product(sku: ID!): Product
  supplier(country: ID!, number: ID!): Supplier
}
`;

const stock = `${schemaHead}
type Product @key(fields: "sku") @table(name: "bin") {
  sku: ID! @column(name: "article")
  quantity: Int! @column(default: "0")
  reserved: Int! @column(default: "0")
  name: String! @external
  label: String! @requires(fields: "name")
  available: Int! @computed
  movements: [Movement!]! @relation(columns: ["article"])
}

type Movement @key(fields: "article day") @table {
  article: ID!
  day: Date!
  pieces: Int!
  product: Product @relation(columns: ["article"])
}
`;

const stockResolvers = `
interface Product { readonly name: string; readonly quantity: number; readonly reserved: number }
export default {
  Product: {
    label: ({ name, quantity }: Product): string => name + ' x ' + quantity,
    available: ({ quantity, reserved }: Product): number => quantity - reserved,
  },
};
`;

/** Two domains that know nothing of customers, beside the four of the repository. */
function projectWithProducts(directory: string): ProjectFolder {
  const project = ProjectFolder.copyOfRepository(directory);
  project.addSubgraph('catalog', catalog);
  project.addSubgraph('stock', stock);
  project.write('subgraphs/stock/resolvers.ts', stockResolvers);
  project.write(
    'lake-data/seed/catalog/product.csv',
    'sku,name,supplier_country,supplier_number\nP1,Lamp,DE,7\nP2,Desk,DE,7\nP3,Ghost,,\nP4,Chair,FR,7\n',
  );
  project.write(
    'lake-data/seed/catalog/supplier.csv',
    'country,number,name\nDE,7,Holz & Söhne\nFR,7,Lumière\nFR,8,Nobody\n',
  );
  project.write('lake-data/seed/stock/bin.csv', 'article,quantity,reserved\nP1,12,2\nP4,1,\n');
  project.write(
    'lake-data/seed/stock/movement.csv',
    'article,day,pieces\nP1,2026-01-31,-3\nP1,2026-02-01,5\nP2,2026-01-31,1\nP2,2026-02-01,1\n',
  );
  return project;
}

const holzAndSons = `{
  supplier(country: "DE", number: "7") {
    name
    products {
      sku
      quantity
      label
      available
      movements { day pieces product { name } }
      supplier { country number }
    }
  }
}`;

const products = {
  supplier: {
    name: 'Holz & Söhne',
    products: [
      {
        sku: 'P1',
        quantity: 12,
        label: 'Lamp x 12',
        available: 10,
        movements: [
          { day: '2026-01-31', pieces: -3, product: { name: 'Lamp' } },
          { day: '2026-02-01', pieces: 5, product: { name: 'Lamp' } },
        ],
        supplier: { country: 'DE', number: '7' },
      },
      {
        sku: 'P2',
        quantity: 0,
        label: 'Desk x 0',
        available: 0,
        movements: [
          { day: '2026-01-31', pieces: 1, product: { name: 'Desk' } },
          { day: '2026-02-01', pieces: 1, product: { name: 'Desk' } },
        ],
        supplier: { country: 'DE', number: '7' },
      },
    ],
  },
};

describe('an entity, added by the folders of its domains', () => {
  const directory = sharedTempFolder();
  const dataDirectory = sharedTempFolder();
  let graph: TestProject;

  beforeAll(async () => {
    const { directory: projectDirectory } = projectWithProducts(directory);
    graph = await startProjectUntilClosed({ projectDirectory, dataDirectory });
  });
  afterAll(() => graph?.server.close());

  it('has its relations, a compound key, and fields that are computed', async () => {
    expect(await graph.ask(holzAndSons)).toEqual({ status: 200, data: products });
  });

  it('has a list and a look-up that nobody wrote', async () => {
    const { data, errors } = await graph.ask(`{
      products(first: 3) { totalCount nodes { sku name quantity supplier { name } } pageInfo { hasNextPage } }
      suppliers { nodes { country number products { sku } } }
      movement(article: "P1", day: "2026-02-01") { pieces }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      products: {
        totalCount: 4,
        nodes: [
          { sku: 'P1', name: 'Lamp', quantity: 12, supplier: { name: 'Holz & Söhne' } },
          { sku: 'P2', name: 'Desk', quantity: 0, supplier: { name: 'Holz & Söhne' } },
          { sku: 'P3', name: 'Ghost', quantity: 0, supplier: null },
        ],
        pageInfo: { hasNextPage: true },
      },
      suppliers: {
        nodes: [
          { country: 'DE', number: '7', products: [{ sku: 'P1' }, { sku: 'P2' }] },
          { country: 'FR', number: '7', products: [{ sku: 'P4' }] },
          { country: 'FR', number: '8', products: [] },
        ],
      },
      movement: { pieces: 5 },
    });
  });

  it('answers null for a key that nothing has', async () => {
    const { data, errors } = await graph.ask(`{
      wrongPart: supplier(country: "DE", number: "8") { name }
      noNumber: supplier(country: "DE", number: "seven") { name }
      product(sku: "P9") { quantity }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ wrongPart: null, noNumber: null, product: null });
  });

  it('stands beside the entities that were there', async () => {
    const answer = await graph.ask(
      '{ product(sku: "P4") { available } customer(id: "C0000042") { supportTier } }',
    );
    expect(answer.data).toEqual({
      product: { available: 1 },
      customer: { supportTier: 'SILVER' },
    });
  });

  it('takes one statement a table of the answer', async () => {
    graph.statements.length = 0;
    await graph.ask('{ supplier(country: "DE", number: "7") { products { sku quantity } } }');
    expect(graph.statements).toHaveLength(2);
  });
});

describe('an added entity without the hub', () => {
  it('has the same answer', async () => {
    const { directory } = projectWithProducts(tempFolder());
    const { ask } = await startProject({
      projectDirectory: directory,
      flags: { graph: { hub: false } },
    });
    expect(await ask(holzAndSons)).toEqual({ status: 200, data: products });
  });
});
