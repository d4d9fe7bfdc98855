import type { DuckDBValue } from '@duckdb/node-api';
import type { Lake, Rows } from '../../lake/engine.ts';

/** The lake as one request sees it: its reads end with the request. */
export interface HubReader {
  readonly read: (
    text: string,
    values: readonly DuckDBValue[],
    lane: 'point' | 'scan',
  ) => Promise<Rows>;
}

export function hubReader(lake: Lake, signal: AbortSignal | undefined): HubReader {
  const stop = signal === undefined ? {} : { signal };
  return { read: (text, values, lane) => lake.read({ text, values }, { lane, ...stop }) };
}
