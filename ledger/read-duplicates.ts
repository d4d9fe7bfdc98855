import type { Rows } from '../lake/rows.ts';
import { sql, value, type Sql } from '../lake/sql.ts';
import { keyFieldsOf } from './outcome.ts';
import type { FieldValues } from './identity-command.ts';
import type { IdentityShape } from './identity-shape.ts';

/** Entities that are probably one, since they have one matching value. */
export interface Duplicates {
  /** As it is compared; see `normaliseMatch`. */
  readonly value: string;
  readonly keys: readonly FieldValues[];
}

/** Groups of entities with one matching value, the largest first. */
export async function readDuplicates(
  shape: IdentityShape,
  first: number,
  read: (statement: Sql) => Promise<Rows>,
): Promise<readonly Duplicates[]> {
  if (shape.match === undefined) return [];
  const entity = shape.entity.name;
  const rows = await read(
    sql`SELECT "value", CAST(to_json(list("key" ORDER BY "key")) AS VARCHAR) FROM ledger."match" WHERE entity = ${value(entity)} GROUP BY "value" HAVING count(*) > 1 ORDER BY count(*) DESC, "value" LIMIT ${value(BigInt(first))}`,
  );
  const [values = [], keys = []] = rows.columns;
  return values.map((one, row) => ({
    value: String(one).slice(entity.length + 1),
    keys: (JSON.parse(String(keys[row])) as readonly string[]).map((key) =>
      keyFieldsOf(key, shape),
    ),
  }));
}
