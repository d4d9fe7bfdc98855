import {
  DuckDBInstance,
  DuckDBTimestampTZValue,
  DuckDBDecimalValue,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { join } from 'node:path';
import type { PlainQuestion } from '../ask-plain.ts';
import { answerQuestions } from './answer-questions.ts';
import { lender } from './lend.ts';
import { projectionTable } from './projection-table.ts';

/**
 * The limit: no GraphQL, no gateway. One prepared SELECT a request on the wide table that the hub reads, through the
 * same driver, the rows written as JSON by hand. `sql-limit.ts DIRECTORY`.
 */

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

const [, , directory = ''] = process.argv;
const instance = await DuckDBInstance.create(join(directory, 'lake.duckdb'), {
  access_mode: 'READ_ONLY',
});
const table = await projectionTable(await instance.connect(), 'customer');
const lend = lender([await openReader(), await openReader()]);

answerQuestions((question) => lend(async (reader) => toJson(await ask(reader, question))));

function ask({ point, page }: Reader, question: PlainQuestion): Promise<DuckDBMaterializedResult> {
  switch (question.question) {
    case 'point':
      point.bindVarchar(1, question.id);
      return point.run();
    case 'page':
      page.bindBigInt(1, BigInt(question.after));
      page.bindBigInt(2, BigInt(question.after) + 50n);
      return page.run();
    default:
      throw new Error(`Nobody wrote the SQL of ${question.question} here.`);
  }
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
