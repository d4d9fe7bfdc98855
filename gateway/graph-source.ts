import type { ControlServices } from '../control/control-routes.ts';
import type { Graph } from './graph/graph.ts';
import type { Motion } from './motion.ts';
import type { CallerBudgets } from './limits/caller-budgets.ts';
import type { MeasuredLake } from './telemetry/lake-metrics.ts';
import type { RemoteSubgraphs } from './remote/remote-subgraphs.ts';

/** Where graphs come from: files that may change, of which each state makes another graph. */
export interface GraphSource {
  /** The files that the newest graph was made from. */
  readonly files: () => readonly string[];
  /** Reads the files and makes their graph. */
  readonly build: () => Promise<Graph>;
  /** Called once the newest graph answers everything, and no older one is in use any longer. */
  readonly afterSwap: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly remotes: RemoteSubgraphs;
  readonly budgets: CallerBudgets;
  /** What is counted of the lake; undefined without one. */
  readonly measuredLake?: MeasuredLake | undefined;
  /** What moves beside the graph; undefined without a lake. */
  readonly motion?: Motion | undefined;
  /** Writes a copy of the lake; undefined without one. */
  readonly exportTo?: ControlServices['exportTo'] | undefined;
}
