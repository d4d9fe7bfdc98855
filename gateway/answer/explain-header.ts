import type { Caller } from '../../access/caller.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import type { FrontRequest } from '../http/route.ts';

/** The header with which a request asks how it was answered: `true`. */
export const explainHeader = 'x-tributary-explain';

type Setting = Config['graph']['explain'];

/**
 * Whether the request is to be explained. Who may not have that is told so, rather than left without.
 * @throws EXPLAIN_UNKNOWN, EXPLAIN_REFUSED
 */
export function isExplained(
  { headers, caller }: Pick<FrontRequest, 'headers' | 'caller'>,
  setting: Setting,
): boolean {
  const wished = headers[explainHeader];
  if (wished === undefined || wished === 'false') return false;
  if (wished !== 'true') throw raise('EXPLAIN_UNKNOWN', { wished: wished.toString() });
  if (!mayExplain(caller, setting)) throw raise('EXPLAIN_REFUSED', { setting });
  return true;
}

/** The anonymous are those on this machine, on a server that only this machine reaches. */
function mayExplain({ kind }: Caller, setting: Setting): boolean {
  switch (setting) {
    case 'never':
      return false;
    case 'local':
      return kind === 'anonymous';
    case 'keys':
      return kind === 'anonymous' || kind === 'apiKey';
    case 'everyone':
      return true;
  }
}
