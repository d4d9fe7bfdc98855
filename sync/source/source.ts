import type { TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { WriteTransaction } from '../../lake/engine.ts';
import type { RawShape } from '../stage/raw-shape.ts';
import type { Staging } from '../stage/staging.ts';

/** What a run wants of a source. */
export interface ReadRequest {
  /** From here on, with it: the watermark less the overlap. Undefined: everything. */
  readonly since: bigint | undefined;
  /** Everything there is, whatever the lake has. */
  readonly isSnapshot: boolean;
  /** A fresh place for the rows of a delivery; the run clears it away. */
  readonly openStaging: () => Staging;
  /** Takes what is no reason to fail, and what somebody should know all the same. */
  readonly warn: (warning: TributaryError) => void;
  readonly signal: AbortSignal;
}

/** Rows that came together: a file, or the answer to one question. They are staged already. */
export interface Delivery {
  /** What errors call it. */
  readonly name: string;
  readonly staging: Staging;
  readonly shape: RawShape;
  readonly isSnapshot: boolean;
  /** Written together with its last rows. */
  readonly finish?: ((tx: Pick<WriteTransaction, 'run'>) => Promise<void>) | undefined;
}

/** Where the rows of a table come from. The next delivery is read when the one before was taken over. */
export interface Source {
  read(request: ReadRequest): AsyncGenerator<Delivery, void, undefined>;
}
