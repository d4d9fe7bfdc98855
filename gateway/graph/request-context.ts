import type { Caller } from '../../access/caller.ts';
import type { WireOptions } from '../../wire/to-wire.ts';
import type { FrontRequest } from '../http/route.ts';

/** What travels with a GraphQL request through planning and execution. */
export interface RequestContext {
  readonly requestId: string;
  readonly caller: Caller;
  readonly wire: WireOptions;
  readonly signal: AbortSignal;
}

/** The header with which a request chooses the form of its decimals, `number` or `string`. */
export const decimalsHeader = 'x-tributary-decimals';

export function requestContext(
  { id, caller, headers, signal }: FrontRequest,
  decimals: WireOptions['decimals'],
): RequestContext {
  const wished = headers[decimalsHeader];
  const chosen = wished === 'string' || wished === 'number' ? wished : decimals;
  return { requestId: id, caller, wire: { decimals: chosen }, signal };
}
