import type { Lake } from '../../lake/engine.ts';
import { join, sql, value } from '../../lake/sql.ts';
import type { IdentityCommand, IdentityWriter, Outcome } from '../../ledger/identity-command.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerTransaction, RowWriter } from '../../ledger/ledger-transaction.ts';
import { requestId } from '../../ledger/request-id.ts';
import type { DomainModel } from '../model/domain-model.ts';
import type { IdentityModel } from '../model/identity-model.ts';
import { readLoggedChanges } from '../model/logged-change.ts';
import { readStaged, type StagedDelta } from '../model/staged-row.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

interface WitnessOptions {
  readonly lake: Lake;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly identities: IdentityModel;
  readonly domains: DomainModel;
  readonly onBroken: (error: unknown) => void;
}

/**
 * Stands between services and ledger, and tells the model what was asked, what was answered and what was committed, at
 * the moments when that happens. What nobody could be told before a crash it reads in the lake, and checks that it is
 * something that could have happened.
 */
export class Witness {
  readonly #options: WitnessOptions;
  readonly #asked: { readonly command: IdentityCommand }[] = [];
  #delta: { readonly taken: StagedDelta[] } | undefined;
  #position = 0;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  observe(ledger: Ledger): IdentityWriter & RowWriter {
    return {
      submit: (command) => this.#submit(ledger, command),
      write: (job) => this.#write(ledger, job),
    };
  }

  /** Within a commit, after it is on disk. */
  async committed(): Promise<void> {
    const { lake, identities, domains, trace } = this.#options;
    if (this.#delta === undefined && this.#asked.length === 0) return;
    for (const change of await readLoggedChanges(lake, this.#position)) {
      identities.heard(change);
      this.#position = change.sequence;
    }
    for (const { table, rows } of this.#delta?.taken ?? []) {
      trace.add('lake', `takes ${rows.length} rows of ${table}, log at ${this.#position}`);
      domains.apply(table, rows);
    }
    this.#delta = undefined;
  }

  /** The process is no more, and what it had committed last, nobody had heard of. */
  async crashed(): Promise<void> {
    const { identities } = this.#options;
    this.#delta = undefined;
    const asked = this.#asked.splice(0);
    const remembered = await this.#remembered(asked.map(({ command }) => command));
    for (const { command } of asked)
      this.#guard(() => identities.recovered(command, remembered.get(requestId(command) ?? '')));
    this.#guard(() => identities.checkComplete());
  }

  #submit(ledger: Ledger, command: IdentityCommand): Promise<Outcome> {
    const { identities, time, trace } = this.#options;
    const asked = { command };
    this.#asked.push(asked);
    const end = (): void => void this.#asked.splice(this.#asked.indexOf(asked), 1);
    return ledger.submit(command).then(
      (outcome) => {
        end();
        trace.add('hub', `${command.origin.cause ?? ''} ${command.kind}: ${describe(outcome)}`);
        this.#guard(() => identities.answered(command, outcome, time.now().getTime()));
        return outcome;
      },
      (error: unknown) => {
        end();
        trace.add('hub', `${command.origin.cause ?? ''} ${command.kind}: not written`);
        throw error;
      },
    );
  }

  async #write<Result>(
    ledger: Ledger,
    job: (tx: LedgerTransaction) => Promise<Result>,
  ): Promise<Result> {
    const delta: { readonly taken: StagedDelta[] } = { taken: [] };
    try {
      return await ledger.write((tx) => {
        this.#delta = delta;
        return job({
          ...tx,
          applyDelta: async (options) => {
            delta.taken.push(await readStaged(tx, options));
            return tx.applyDelta(options);
          },
        });
      });
    } finally {
      if (this.#delta === delta) this.#delta = undefined;
    }
  }

  async #remembered(commands: readonly IdentityCommand[]): Promise<ReadonlyMap<string, Outcome>> {
    const ids = commands.flatMap((command) => requestId(command) ?? []);
    if (ids.length === 0) return new Map();
    const { columns, rowCount } = await this.#options.lake.read(
      sql`SELECT id, outcome FROM ledger.request WHERE id IN (${join(ids.map(value), ', ')})`,
    );
    return new Map(
      Array.from({ length: rowCount }, (_, row) => [
        String(columns[0]?.[row]),
        JSON.parse(String(columns[1]?.[row])) as Outcome,
      ]),
    );
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#options.onBroken(error);
    }
  }
}

function describe({ status, keyText, version, sequence, problems }: Outcome): string {
  const why = problems.map(({ code }) => code).join(' ');
  const what = keyText === undefined ? '' : ` ${keyText} v${version ?? '?'}`;
  return `${status}${what}${sequence === undefined ? '' : ` #${sequence}`} ${why}`.trim();
}
