import { raise } from '../../foundation/errors/tributary-error.ts';
import type { FrontRequest } from '../http/route.ts';

/** The header with which a request asks how old what it reads is: `true`. */
export const freshnessHeader = 'x-tributary-freshness';

/**
 * Whether the answer is to say how old what it was made of is.
 * @throws FRESHNESS_UNKNOWN
 */
export function isFreshnessAsked({ headers }: Pick<FrontRequest, 'headers'>): boolean {
  const wished = headers[freshnessHeader];
  if (wished === undefined || wished === 'false') return false;
  if (wished !== 'true') throw raise('FRESHNESS_UNKNOWN', { wished: wished.toString() });
  return true;
}
