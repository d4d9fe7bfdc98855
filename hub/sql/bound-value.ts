import { sql, typeName, value, type LakeValue, type Sql } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';

/** A parameter of a known type. Without it a number of 32 bits and one of 64 would make two different statements. */
export function boundValue(bound: LakeValue, type: SqlType): Sql {
  return type.kind === 'VARCHAR' ? value(bound) : sql`CAST(${value(bound)} AS ${typeName(type)})`;
}

/** A number of rows as a parameter. */
export function boundCount(rows: number): Sql {
  return boundValue(rows, { kind: 'BIGINT' });
}
