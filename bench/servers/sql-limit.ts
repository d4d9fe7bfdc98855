import {
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBDecimalValue,
  type DuckDBConnection,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { createServer, type ServerResponse } from 'node:http';
import { listenOnLoopback } from './listen.ts';

/**
 * The limit: no GraphQL, no gateway. One prepared SELECT a request on the wide table that the hub reads, through the
 * same driver, the rows written as JSON by hand. `sql-limit.ts FILE`.
 */

type Question =
  | { readonly question: 'point'; readonly id: string }
  | { readonly question: 'page'; readonly after: number };

interface Reader {
  readonly point: DuckDBPreparedStatement;
  readonly page: DuckDBPreparedStatement;
}

const names = [
  'id',
  'name',
  'email',
  'createdAt',
  'updatedAt',
  'createdBy',
  'accountValue',
  'salesRep',
  'supportTier',
  'lifetimeTickets',
  'vatNumber',
  'paymentTerms',
];

const [, , file = ''] = process.argv;
const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
const table = await findTable(await instance.connect());
// A connection serves one query at a time, and with more of them than cores the queries only get in each other's way.
const idle: Reader[] = [await openReader(), await openReader()];
const waiting: ((reader: Reader) => void)[] = [];

listenOnLoopback(
  createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const question = JSON.parse(Buffer.concat(chunks).toString()) as Question;
      void answer(question, response);
    });
  }),
);

async function answer(question: Question, response: ServerResponse): Promise<void> {
  const text = await runQuestion(question);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function runQuestion(question: Question): Promise<string> {
  const reader = idle.pop() ?? (await new Promise<Reader>((resolve) => waiting.push(resolve)));
  try {
    return toJson(await ask(reader, question));
  } finally {
    const next = waiting.shift();
    if (next === undefined) idle.push(reader);
    else next(reader);
  }
}

function ask({ point, page }: Reader, question: Question): Promise<DuckDBMaterializedResult> {
  if (question.question === 'point') {
    point.bindVarchar(1, question.id);
    return point.run();
  }
  page.bindBigInt(1, BigInt(question.after));
  page.bindBigInt(2, BigInt(question.after) + 50n);
  return page.run();
}

function toJson(result: DuckDBMaterializedResult): string {
  const customers: Record<string, unknown>[] = [];
  for (let index = 0; index < result.chunkCount; index++) {
    const chunk = result.getChunk(index);
    const vectors = names.map((_, column) => chunk.getColumnVector(column));
    for (let row = 0; row < chunk.rowCount; row++) {
      const customer: Record<string, unknown> = {};
      for (const [column, vector] of vectors.entries())
        customer[names[column] ?? ''] = plain(vector.getItem(row));
      customers.push(customer);
    }
  }
  return JSON.stringify({ customers });
}

function plain(value: DuckDBValue): unknown {
  if (value instanceof DuckDBTimestampTZValue)
    return new Date(Number(value.micros / 1000n)).toISOString();
  return value instanceof DuckDBDecimalValue ? value.toDouble() : value;
}

async function openReader(): Promise<Reader> {
  const connection = await instance.connect();
  const columns = names.map((name) => `"${name}"`).join(', ');
  return {
    point: await connection.prepare(`SELECT ${columns} FROM ${table} WHERE id = $1`),
    page: await connection.prepare(
      `SELECT ${columns} FROM ${table} WHERE _seq > $1 AND _seq <= $2 ORDER BY _seq`,
    ),
  };
}

/** The table's name carries a digest of its shape. */
async function findTable(connection: DuckDBConnection): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = 'hub' AND table_name LIKE 'customer%'`,
  );
  const [name] = reader.getColumns()[0] ?? [];
  if (typeof name !== 'string') throw new Error(`${file} holds no projection of Customer.`);
  return `hub."${name}"`;
}
