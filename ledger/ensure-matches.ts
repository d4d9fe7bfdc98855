import { identifier, literal, sql, table, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { LakeModel } from '../mapping/model.ts';
import { identityShapes, type IdentityShape } from './identity-shape.ts';
import { keyTextSql } from './table-part.ts';

/**
 * Makes the index by which entities are found that are the same one, where it is not there yet: rows that were in the
 * lake before the log are in it too. It only proposes; whether two values match is decided by `normaliseMatch`.
 */
export async function ensureMatches(tx: WriteTransaction, model: LakeModel): Promise<void> {
  for (const shape of identityShapes(model).values()) {
    const column = shape.fields.find(({ name }) => name === shape.match?.field)?.column;
    if (column === undefined) continue;
    const isFilled = sql`t.${identifier(column)} IS NOT NULL AND trim(t.${identifier(column)}) <> ''`;
    const rows = sql`FROM ${table(shape.schema, shape.table)} AS t WHERE ${isFilled}`;
    const entity = literal(shape.entity.name);
    if (await isComplete(tx, rows, entity)) continue;
    await tx.run(sql`DELETE FROM ledger."match" WHERE entity = ${entity}`);
    await tx.run(
      sql`INSERT INTO ledger."match" SELECT ${literal(`${shape.entity.name}/`)} || ${normalised(shape, column)}, ${entity}, ${keyTextSql('t', keyColumns(shape))} ${rows}`,
    );
  }
}

async function isComplete(tx: WriteTransaction, rows: Sql, entity: Sql): Promise<boolean> {
  const counts = await tx.read(
    sql`SELECT (SELECT count(*) ${rows}) = (SELECT count(*) FROM ledger."match" WHERE entity = ${entity})`,
  );
  return counts.columns[0]?.[0] === true;
}

function keyColumns({ keyFields }: IdentityShape): readonly string[] {
  return keyFields.map(({ column }) => column);
}

/** As `normaliseMatch` does it. */
function normalised({ match }: IdentityShape, column: string): Sql {
  const plain = sql`lower(trim(nfc_normalize(t.${identifier(column)})))`;
  return match?.as === 'email' ? plain : sql`regexp_replace(${plain}, '\\s+', ' ', 'g')`;
}
