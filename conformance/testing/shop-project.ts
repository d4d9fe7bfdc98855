import { ProjectFolder, schemaHead } from './project-folder.ts';

const match = 'directive @match(as: String) on FIELD_DEFINITION\n';

const catalogue = `${schemaHead}${match}
enum Kind { BOOK GAME }

type Product @key(fields: "sku") @table(name: "Artikel") @identity(fields: "sku title price kind releasedOn updatedAt updatedBy") {
  sku: ID! @column(name: "Nr.")
  title: String! @match(as: "text")
  price: Decimal @column(type: "DECIMAL(18,4)")
  kind: Kind @column(name: "art")
  releasedOn: Date
  updatedAt: DateTime
  updatedBy: String
}

type Query { product(sku: ID!): Product }

type Mutation {
  createProduct(input: NewProduct!): ProductResult
  updateProduct(input: ProductChange!): ProductResult
  deleteProduct(input: ProductRemoval!): ProductResult
  mergeProducts(input: ProductMerge!): ProductResult
}

input NewProduct { sku: ID title: String! price: Decimal kind: Kind releasedOn: Date idempotencyKey: String }
input ProductChange { sku: ID! title: String price: Decimal kind: Kind releasedOn: Date expectedVersion: Int idempotencyKey: String }
input ProductRemoval { sku: ID! }
input ProductMerge { winnerId: ID! loserId: ID! }
type ProductResult { thing: Product version: Int deletedId: ID errors: [Wrong!] }
type Wrong { code: String message: String field: String }
`;

const stock = `${schemaHead}
type Product @key(fields: "sku") @table {
  sku: ID! @column(name: "article")
  onHand: Int! @column(default: "0")
  movements: [Movement!]! @relation(columns: ["article"])
}
type Movement @key(fields: "id") @table { id: ID! product: Product! @relation(columns: ["article"]) pieces: Int }
type Query { movement(id: ID!): Movement }
`;

const places = `${schemaHead}
type Shop @key(fields: "country number") @table @identity(fields: "country number name createdBy") {
  country: ID!
  number: ID! @column(type: "INTEGER")
  name: String
  createdBy: String
}
type Query { shop(country: ID!, number: ID!): Shop }
type Mutation {
  createShop(input: ShopInput!): ShopResult!
  updateShop(input: ShopInput!): ShopResult!
  deleteShop(input: ShopKey!): ShopResult!
}
input ShopInput { country: ID! number: ID! name: String idempotencyKey: String }
input ShopKey { country: ID! number: ID! expectedVersion: Int }
type ShopResult { shop: Shop version: Int errors: [ShopError!]! }
type ShopError { code: String! message: String! field: String }
`;

const takings = `${schemaHead}
type Shop @key(fields: "country number") @table {
  country: ID!
  number: ID! @column(type: "INTEGER")
  takings: Decimal @column(type: "DECIMAL(18,2)")
}
type Query { shopWithTakings(country: ID!, number: ID!): Shop }
`;

const pushed = (table: string): string => `tables:\n  ${table}:\n    source: { push: true }\n`;

/** Products and shops, each with an identity and one more domain: nothing here is called Customer. */
export function shopProject(directory: string): ProjectFolder {
  const project = ProjectFolder.empty(directory);
  project.addSubgraph('catalogue', catalogue);
  project.addSubgraph('stock', stock);
  project.addSubgraph('places', places);
  project.addSubgraph('takings', takings);
  project.write('subgraphs/stock/sync.yaml', `${pushed('product')}${pushed('movement').slice(8)}`);
  project.write('subgraphs/takings/sync.yaml', pushed('shop'));
  return project;
}
