import type { SmallSubgraph } from './federation-server.ts';

const imports = ['"@authenticated"', '"@requiresScopes"', '"@policy"'];

const books = [
  { id: '1', title: 'Dune', price: 12, grade: 'A', lender: '1' },
  { id: '2', title: 'Emma', price: 9, grade: 'B', lender: '2' },
];
const discs = [{ id: '3', code: 'ABC', title: 'Aria', price: 20, length: 70 }];
const members = [
  { id: '1', name: 'Ana', email: 'ana@mail.example', pin: '1111' },
  { id: '2', name: 'Bo', email: 'bo@mail.example', pin: '2222' },
];

type Row = Readonly<Record<string, unknown>>;
interface ById {
  readonly id: string;
}

function find(rows: readonly Row[], { id }: ById): Row | undefined {
  return rows.find((row) => row['id'] === id);
}

const isBook = (row: Row): boolean => 'grade' in row;

/** What mutations were run. */
export const changed: string[] = [];

/** A graph of two subgraphs with rules of every kind, in every place where one may stand. */
export const guardedLibrary: Readonly<Record<string, SmallSubgraph>> = {
  library: {
    imports,
    sdl: `
      type Query {
        book(id: ID!): Book
        books: [Book!]!
        media: [Medium!]!
        things: [Thing!]!
        staff: [Member!] @authenticated
        member(id: ID!): Member
        vault: Vault
        owner: Owner!
        shelves: [[Book!]]
      }
      type Mutation {
        borrow(id: ID!): Book @requiresScopes(scopes: [["write"]])
        browse(id: ID!): Book
        must(id: ID!): Int! @authenticated
      }
      type Subscription {
        bookAdded: Book
        secretAdded: Book @authenticated
      }
      interface Medium { id: ID! title: String price: Int cost: Money }
      union Thing = Book | Disc | Vault
      type Book implements Medium @key(fields: "id") {
        id: ID!
        title: String
        price: Int @requiresScopes(scopes: [["read:prices", "read:books"], ["admin"]])
        grade: Grade
        cost: Money
        lender: Member
        must: Int! @requiresScopes(scopes: "must")
      }
      type Disc implements Medium @key(fields: "code") {
        id: ID!
        code: ID @authenticated
        title: String
        price: Int
        cost: Money
        length: Int
      }
      type Member @key(fields: "id") {
        id: ID!
        name: String
        email: String @policy(policies: [["self"], ["desk", "open"]])
        books: [Book!]
      }
      type Vault @authenticated { code: String must: Int! }
      type Owner { vault: Vault! name: String }
      enum Grade @requiresScopes(scopes: [["grades"]]) { A B }
      scalar Money @authenticated`,
    resolvers: {
      Query: {
        book: (_: unknown, key: ById) => find(books, key),
        books: () => books,
        media: () => [...books, ...discs],
        things: () => [...books, ...discs, { code: 'x' }],
        staff: () => members,
        member: (_: unknown, key: ById) => find(members, key),
        vault: () => ({ code: 'x', must: 1 }),
        shelves: () => [books, [], null],
        owner: () => ({ name: 'Zoe', vault: { code: 'x', must: 1 } }),
      },
      Mutation: {
        borrow: (_: unknown, key: ById) => {
          changed.push(`borrow ${key.id}`);
          return find(books, key);
        },
        must: () => 1,
        browse: (_: unknown, key: ById) => {
          changed.push(`browse ${key.id}`);
          return find(books, key);
        },
      },
      Subscription: {
        bookAdded: { subscribe: () => added('bookAdded') },
        secretAdded: { subscribe: () => added('secretAdded') },
      },
      Medium: { __resolveType: (row: Row) => (isBook(row) ? 'Book' : 'Disc') },
      Thing: {
        __resolveType: (row: Row) => (isBook(row) ? 'Book' : 'id' in row ? 'Disc' : 'Vault'),
      },
      Disc: { cost: () => '0.80' },
      Book: {
        __resolveReference: (key: ById) => find(books, key),
        lender: ({ lender }: { readonly lender: string }) => find(members, { id: lender }),
        cost: () => '1.50',
        must: () => 1,
      },
      Member: {
        __resolveReference: (key: ById) => find(members, key),
        books: ({ id }: ById) => books.filter(({ lender }) => lender === id),
      },
    },
  },
  reviews: {
    imports,
    sdl: `
      type Book @key(fields: "id") {
        id: ID!
        stars: Int
        notes: [String!] @authenticated
      }
      type Disc @key(fields: "code") { code: ID @authenticated heard: Int }`,
    resolvers: {
      Book: { stars: () => 5, notes: () => ['fine'] },
      Disc: { heard: ({ code }: { readonly code: string }) => code.length },
    },
  },
};

async function* added(field: string): AsyncGenerator<Row> {
  yield { [field]: books[0] };
}
