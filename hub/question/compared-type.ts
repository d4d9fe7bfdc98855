import type { SqlType, WireType } from '../../mapping/model.ts';

/**
 * The type as which values of a field are put in order and looked into. What a caller sees as a text is compared as
 * one, though its column may hold numbers or times.
 */
export function comparedType({
  sqlType,
  wireType,
}: {
  readonly sqlType: SqlType;
  readonly wireType: WireType;
}): SqlType {
  return wireType.kind === 'id' || wireType.kind === 'string' ? { kind: 'VARCHAR' } : sqlType;
}
