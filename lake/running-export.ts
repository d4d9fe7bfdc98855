import { raise } from '../foundation/errors/tributary-error.ts';
import type { Checkpointer } from './checkpoint.ts';
import { exportParquet, type ExportManifest, type ExportOptions } from './export-parquet.ts';
import type { HelperThreads } from './helper-threads.ts';
import type { LakeConnection } from './lake-connection.ts';

interface RunningExportOptions {
  readonly connect: () => Promise<LakeConnection>;
  readonly helpers: HelperThreads;
  readonly checkpointer: Checkpointer;
  /** It stands in nobody's way any more. */
  readonly onEnd: () => void;
}

/** The export of a lake that goes on meanwhile: one at a time, on a connection of its own, until the lake is closed. */
export class RunningExport {
  readonly #options: RunningExportOptions;
  readonly #stopping = new AbortController();
  #running: Promise<unknown> | undefined;

  constructor(options: RunningExportOptions) {
    this.#options = options;
  }

  /** @throws LAKE_CLOSED, EXPORT_RUNNING, and what `exportParquet` does */
  begin(options: ExportOptions): Promise<ExportManifest> {
    if (this.#stopping.signal.aborted) return Promise.reject(raise('LAKE_CLOSED', {}));
    if (this.#running !== undefined) return Promise.reject(raise('EXPORT_RUNNING', {}));
    const running = this.#run(options);
    this.#running = running.catch(() => undefined);
    return running;
  }

  /** Gives it up, and lets none begin any more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(options: ExportOptions): Promise<ExportManifest> {
    const { connect, helpers, checkpointer, onEnd } = this.#options;
    const signals = [this.#stopping.signal, ...(options.signal ? [options.signal] : [])];
    const end = checkpointer.expectLongReader();
    let connection: LakeConnection | undefined;
    try {
      connection = await connect();
      const reader = connection;
      return await helpers.during('large', () =>
        exportParquet(reader, { ...options, signal: AbortSignal.any(signals) }),
      );
    } finally {
      // Which also ends its transaction.
      connection?.close();
      end();
      this.#running = undefined;
      onEnd();
    }
  }
}
