import type { Origin } from '../ledger/identity-command.ts';
import type { PartsRead } from '../mapping/parts-read.ts';
import type { KeyRedirects } from '../wire/lead-key.ts';
import type { WireOptions } from '../wire/to-wire.ts';
import type { LakeReader, RequestLoaders } from './request-loaders.ts';

/** What resolvers of one request share. */
export interface SubgraphContext extends WireOptions {
  readonly lake: LakeReader;
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal | undefined;
  readonly loaders: RequestLoaders;
  /** Where keys of merged entities lead. */
  readonly redirects: KeyRedirects | undefined;
  /** Who asks, as changes name them. */
  readonly origin: Origin;
  /** Told what the answer is made of, where somebody wants to know. */
  readonly partsRead: PartsRead | undefined;
}
