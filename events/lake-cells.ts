import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { LakeValue } from '../lake/sql.ts';

/** Cells of the product's own tables as plain values, and back. */

export function dateOf(cell: LakeValue): Date | null {
  return cell instanceof DuckDBTimestampTZValue ? new Date(Number(cell.micros / 1_000n)) : null;
}

export function numberOf(cell: LakeValue): number | null {
  return cell === null ? null : Number(cell);
}

export function textOf(cell: LakeValue): string | null {
  return cell === null ? null : String(cell);
}

export function microsOf(date: Date | null): bigint | null {
  return date === null ? null : BigInt(date.getTime()) * 1_000n;
}

export function timestampOf(date: Date): DuckDBTimestampTZValue {
  return new DuckDBTimestampTZValue(BigInt(date.getTime()) * 1_000n);
}
