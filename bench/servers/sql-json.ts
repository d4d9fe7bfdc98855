import {
  DuckDBBlobValue,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { bindValues } from '../../lake/bind-values.ts';
import { openInstance } from '../../lake/open-instance.ts';
import type { PlainQuestion } from '../ask-plain.ts';
import { answerQuestions } from './answer-questions.ts';
import { jsonStatements, type JsonStatement } from './json-statements.ts';
import { lender } from './lend.ts';
import { projectionTable } from './projection-table.ts';

/**
 * The yardstick of questions across domains: no GraphQL, no gateway. One prepared statement a request makes the
 * answer as one text inside DuckDB, in the wire format of our graph; the lake is opened with the same settings.
 * `sql-json.ts DIRECTORY`.
 */

type PreparedQuestion = Omit<JsonStatement, 'text'> & {
  readonly prepared: DuckDBPreparedStatement;
};

type Reader = ReadonlyMap<PlainQuestion['question'], PreparedQuestion>;

const [, , directory = ''] = process.argv;
const instance = await openInstance(directory, {});
const tables = await instance.connect();
const statements = jsonStatements(
  await projectionTable(tables, 'customer'),
  await projectionTable(tables, 'invoice'),
);
const lend = lender([await openReader(), await openReader()]);

answerQuestions((question) => lend((reader) => ask(reader, question)));

async function ask(reader: Reader, question: PlainQuestion): Promise<string | Buffer> {
  const found = reader.get(question.question);
  if (found === undefined) throw new Error(`Nobody wrote the SQL of ${question.question} here.`);
  bindValues(found.prepared, found.valuesOf(question));
  const [before, after] = found.frame;
  const value = onlyValue(await found.prepared.run());
  if (typeof value === 'string') return before + value + after;
  if (!(value instanceof DuckDBBlobValue)) throw new Error('The statement answered no text.');
  return Buffer.concat([Buffer.from(before), value.bytes, Buffer.from(after)]);
}

function onlyValue(result: DuckDBMaterializedResult): DuckDBValue {
  return result.chunkCount === 0 ? null : result.getChunk(0).getColumnVector(0).getItem(0);
}

async function openReader(): Promise<Reader> {
  const connection = await instance.connect();
  const reader = new Map<PlainQuestion['question'], PreparedQuestion>();
  for (const question of Object.keys(statements) as PlainQuestion['question'][]) {
    const { text, ...rest } = statements[question];
    reader.set(question, { ...rest, prepared: await connection.prepare(text) });
  }
  return reader;
}
