import type { RowKey } from '../../lake/key-condition.ts';

/** More keys than this are no point: the statement may take a while, and must not hold up those that do not. */
const mostKeysOfAPoint = 1_024;

/** The rows of a few keys are a point as long as no other rows decide which of them come, and for what they count. */
export function laneOf(keys: readonly RowKey[], isWithinRow = true): 'point' | 'scan' {
  return isWithinRow && keys.length <= mostKeysOfAPoint ? 'point' : 'scan';
}
