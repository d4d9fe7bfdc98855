import { ProjectFolder, schemaHead } from './project-folder.ts';

/** Names that SQL has other plans for, numbers that no double holds, and a field that the gateway has to plan for. */
const words = `${schemaHead}
enum Word { select DROP_TABLE }
type Order @key(fields: "id") @table(name: "group by") {
  id: ID!
  select: String @column(name: "select")
  table: Int @column(name: "a\\"b")
  semicolon: Decimal @column(name: "x; DROP TABLE y; --", type: "DECIMAL(18,2)")
  from: Word @column(name: "from")
  where: BigInt @column(name: "where $1")
  order: Decimal @column(name: "'", type: "DECIMAL(18,0)")
  parent: Order @relation(columns: ["order by"])
  children: [Order!]! @relation(columns: ["order by"])
  price: Int @computed
}
`;

const orders = `${schemaHead}
type Order @key(fields: "id") @table(name: "order") @identity(fields: "id at") {
  id: ID!
  at: DateTime
}
type Query { order(id: ID!): Order }
`;

const wordRows = `id,select,"a""b",x; DROP TABLE y; --,from,where $1,',order by
1,a,1,1.50,select,9007199254740993,9007199254740993,
2,"b'; --",2,2.50,DROP_TABLE,9007199254740992,9007199254740992,1
3,,,,,,,1
4,"""d""",4,0.01,select,-9223372036854775808,900719925474099312,2
`;

/**
 * @param directory an empty folder
 * @param times when the orders with the ids 1, 2, … were, the first four of which are in the other domain too
 */
export function writeOddProject(directory: string, times: readonly string[]): ProjectFolder {
  const project = ProjectFolder.empty(directory);
  project.addSubgraph('orders', orders);
  project.addSubgraph('words', words);
  project.write('subgraphs/words/resolvers.ts', 'export default { Order: { price: () => 1 } };\n');
  const rows = times.map((time, position) => `${position + 1},${time}\n`);
  project.write('lake-data/seed/orders/order.csv', `id,at\n${rows.join('')}`);
  project.write('lake-data/seed/words/group by.csv', wordRows);
  return project;
}
