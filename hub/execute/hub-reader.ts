import type { EndSignal } from '../../foundation/early-end.ts';
import type { Lake, Rows, StatementTrace } from '../../lake/engine.ts';
import type { LakeValue } from '../../lake/sql.ts';

/** The lake as one request sees it: its reads end with the request. */
export interface HubReader {
  readonly read: (
    text: string,
    values: readonly LakeValue[],
    lane: 'point' | 'scan',
  ) => Promise<Rows>;
  /** About how many rows each table of the lake has, `schema.name`. */
  readonly tableSizes: () => Promise<ReadonlyMap<string, number>>;
}

interface HubReaderOptions {
  /** Stops reads when it aborts. */
  readonly signal?: EndSignal | undefined;
  /** The longest that each read may wait and run. */
  readonly timeoutMs?: number | undefined;
  /** Told of every statement. */
  readonly trace?: StatementTrace | undefined;
}

export function hubReader(lake: Lake, options: HubReaderOptions): HubReader {
  return {
    read: (text, values, lane) => lake.read({ text, values }, { lane, ...options }),
    tableSizes: () => lake.tableSizes(),
  };
}
