import { CacheMeter } from '../foundation/metrics/cache-meter.ts';
import { Distribution, powersOfTwo } from '../foundation/metrics/distribution.ts';

/** What was counted of hubs: of one graph after the other. */
export class HubMeter {
  /** Rows that were looked up by the key of their entity. */
  readonly entities = new CacheMeter();
  /** Compiled operations; their bytes are the characters of their texts. */
  readonly operations = new CacheMeter();
  /** Of each statement that looks rows up: how many requests it was for, and how many keys. */
  readonly askers = new Distribution(powersOfTwo);
  readonly keys = new Distribution(powersOfTwo);
}
