import type { LakeValue } from '../../lake/sql.ts';
import type { SqlType } from '../../mapping/model.ts';
import { toKeyValue } from '../../wire/to-lake-value.ts';
import { compileWireWriter } from '../../wire/to-wire.ts';
import { compareNumber, type ExactType } from './compare-number.ts';
import type { MeasureType } from './measure-type.ts';

/** The value of the column that is equal to this one of a request; undefined when no row can have it. */
export function equalValue(wire: unknown, type: MeasureType): LakeValue | undefined {
  const { sqlType } = type;
  if (isText(type)) return equalText(wire, sqlType);
  const exactType = exactTypeOf(sqlType);
  if (exactType === undefined) return toKeyValue(wire, sqlType);
  const comparison = compareNumber('eq', wire, exactType);
  return comparison.kind === 'compare' ? comparison.value : undefined;
}

/** A number or a time has many spellings, of which an answer shows one. */
function equalText(wire: unknown, sqlType: SqlType): LakeValue | undefined {
  const value = toKeyValue(wire, sqlType);
  if (sqlType.kind === 'VARCHAR' || value === undefined) return value;
  return writeText(value, { decimals: 'number' }) === wire ? value : undefined;
}

const writeText = compileWireWriter({ kind: 'string' });

/** A text to look for; undefined when it can stand in none. */
export function textValue(wire: unknown): string | undefined {
  const value = toKeyValue(wire, { kind: 'VARCHAR' });
  return typeof value === 'string' ? value : undefined;
}

/** Whether a caller sees values of the type as texts. */
export function isText({ wireType }: Pick<MeasureType, 'wireType'>): boolean {
  return wireType.kind === 'id' || wireType.kind === 'string';
}

/** The column's type if it keeps numbers exactly, and undefined for all others. */
export function exactTypeOf(type: SqlType): ExactType | undefined {
  switch (type.kind) {
    case 'INTEGER':
    case 'BIGINT':
      return { kind: type.kind };
    case 'DECIMAL':
      return type;
    default:
      return undefined;
  }
}
