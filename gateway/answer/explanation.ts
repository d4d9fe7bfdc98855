import { systemClock, type Clock } from '../../foundation/clock.ts';
import type {
  ReadOptions,
  StatementProfile,
  StatementRecord,
  StatementTrace,
} from '../../lake/engine.ts';
import type { Statement } from '../../lake/sql.ts';

/** How an operation was answered, as the answer's `extensions.tributary.explain` has it. */
export interface ExplainedOperation {
  /** Apollo's query plan, or `hub` where the hub was handed the operation as it is; null when nothing was planned. */
  readonly plan: string | null;
  /** Calls to subgraphs, in the order in which they ended. */
  readonly fetches: readonly ExplainedFetch[];
  /** In the order in which they ended. */
  readonly statements: readonly ExplainedStatement[];
}

export interface ExplainedFetch {
  readonly subgraph: string;
  readonly ms: number;
}

export interface ExplainedStatement {
  readonly subgraph: string;
  readonly sql: string;
  /** How many values were bound; what they are is not told. */
  readonly values: number;
  /** Null when the statement failed or was given up. */
  readonly rowsReturned: number | null;
  /** Rows of tables that DuckDB looked at; null when they could not be counted. */
  readonly rowsRead: number | null;
  readonly ms: number;
  readonly waitedMs: number;
  readonly lane: 'point' | 'scan';
}

/** Runs a statement once more for what DuckDB counts. */
export type ProfileStatement = (
  statement: Statement,
  options: ReadOptions,
) => Promise<StatementProfile>;

/** What is gathered about an operation while it is answered. */
export class Explanation {
  plan: string | null = null;
  readonly clock: Clock;
  readonly #fetches: ExplainedFetch[] = [];
  readonly #records: { readonly subgraph: string; readonly record: StatementRecord }[] = [];

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  addFetch(subgraph: string, ms: number): void {
    this.#fetches.push({ subgraph, ms: rounded(ms) });
  }

  /** For the statements of a subgraph in this process. */
  traceOf(subgraph: string): StatementTrace {
    return {
      clock: this.clock,
      add: (record) => void this.#records.push({ subgraph, record }),
    };
  }

  /** One statement is counted at a time: who explains shall not take the lake from those who ask. */
  async finish(
    profile: ProfileStatement | undefined,
    options: ReadOptions,
  ): Promise<ExplainedOperation> {
    const statements: ExplainedStatement[] = [];
    for (const { subgraph, record } of this.#records) {
      const { statement, lane, rowsReturned, ranMs, waitedMs } = record;
      const isCountable = profile !== undefined && rowsReturned !== undefined;
      const counted = isCountable
        ? await profile(statement, { ...options, lane }).catch(() => undefined)
        : undefined;
      statements.push({
        subgraph,
        sql: statement.text,
        values: statement.values.length,
        rowsReturned: rowsReturned ?? null,
        rowsRead: counted?.rowsRead ?? null,
        ms: rounded(ranMs),
        waitedMs: rounded(waitedMs),
        lane,
      });
    }
    return { plan: this.plan, fetches: this.#fetches, statements };
  }
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
