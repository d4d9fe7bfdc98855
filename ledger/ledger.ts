import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import { Distribution, powersOfTwo } from '../foundation/metrics/distribution.ts';
import type { Extent, Lake, LakeChanges } from '../lake/engine.ts';
import type { Rows } from '../lake/rows.ts';
import { identifier, sql, type Sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import type { LakeModel } from '../mapping/model.ts';
import { projectionsOf, type Projection } from '../mapping/projection.ts';
import { applyDelta } from './apply-delta.ts';
import { ChangedRows } from './changed-rows.ts';
import { identityChanges, readChange, toChanges } from './change-rows.ts';
import type { Change, ChangeFeed } from './change.ts';
import { CommandQueue } from './command-queue.ts';
import { firstStamp } from './hybrid-clock.ts';
import type { FieldValues, IdentityCommand, IdentityWriter, Outcome } from './identity-command.ts';
import { identityShapes, type IdentityShape } from './identity-shape.ts';
import type { LedgerContext } from './ledger-context.ts';
import type { LedgerTransaction, RowWriter } from './ledger-transaction.ts';
import { LogDraft, type LogState } from './log-draft.ts';
import { readDuplicates, type Duplicates } from './read-duplicates.ts';
import { readVersions } from './read-versions.ts';
import { Redirects } from './redirects.ts';
import { RecentChanges } from './recent-changes.ts';

interface LedgerOptions {
  readonly lake: Lake;
  readonly clock: Clock;
  /** Keys of entities that come without one. */
  readonly newId: () => string;
  readonly log?: Log | undefined;
  /** How far the clock of another tool may be ahead of ours; five minutes by default. */
  readonly maxSkewMs?: number | undefined;
}

/**
 * The log of changes, and the only way in which rows change once the lake is filled: identities by commands, rows of
 * domains by deltas. Row, projection and log are written by one transaction; whoever follows hears of it afterwards.
 */
export class Ledger implements ChangeFeed, IdentityWriter, RowWriter {
  readonly redirects = Redirects.none();
  /** How many commands were written together. */
  readonly groups = new Distribution(powersOfTwo);
  readonly #lake: Lake;
  readonly #clock: Clock;
  readonly #queue: CommandQueue;
  readonly #recent = new RecentChanges();
  readonly #listeners = new Set<() => void>();
  readonly #waiting = { mayBe: true };
  #models: readonly LakeModel[] = [];
  #shapes: ReadonlyMap<string, IdentityShape> = new Map();
  #projections: ReadonlyMap<string, readonly Projection[]> = new Map();
  #state: LogState;
  #temporaryTables = 0;

  private constructor(options: LedgerOptions, state: LogState) {
    this.#lake = options.lake;
    this.#clock = options.clock;
    this.#state = state;
    this.#queue = new CommandQueue({
      shapes: () => this.#shapes,
      transact: (job) => this.#transact(job, 'small'),
      newId: options.newId,
      clock: options.clock,
      maxSkewMs: options.maxSkewMs ?? 300_000,
      log: options.log,
      groups: this.groups,
    });
  }

  static async open(options: LedgerOptions): Promise<Ledger> {
    const ledger = new Ledger(options, await readState(options.lake));
    const merged = await options.lake.read(
      sql`SELECT entity, "key", merged_into FROM ledger.head WHERE state = 'merged'`,
    );
    const [entity = [], key = [], target = []] = merged.columns;
    for (let row = 0; row < merged.rowCount; row++)
      ledger.redirects.add(String(entity[row]), String(key[row]), String(target[row]));
    return ledger;
  }

  get head(): number {
    return this.#state.sequence;
  }

  /**
   * Writes by this model from now on. Projections of the one before are kept up to date as well, until `retire`: a
   * graph may still read them.
   * @throws MUTATION_FIELD_UNWRITABLE
   */
  use(model: LakeModel): void {
    const shapes = identityShapes(model);
    const before = this.#models[0];
    this.#setModels(before === undefined || before === model ? [model] : [model, before], shapes);
  }

  /** Nobody reads projections of former models any longer. */
  retire(): void {
    this.#setModels(this.#models.slice(0, 1), this.#shapes);
  }

  submit(command: IdentityCommand): Promise<Outcome> {
    return this.#queue.submit(command);
  }

  write<Result>(job: (tx: LedgerTransaction) => Promise<Result>): Promise<Result> {
    return this.#transact((tx, context) =>
      job({
        run: (statement) => tx.run(statement),
        read: (statement) => tx.read(statement),
        append: (schema, table, rows) => tx.append(schema, table, rows),
        applyDelta: (options) => context.applyDelta(tx, options),
      }),
    );
  }

  async read({
    after,
    limit,
  }: {
    readonly after: number;
    readonly limit: number;
  }): Promise<{ readonly changes: readonly Change[]; readonly position: number }> {
    const { sequence } = this.#state;
    if (after >= sequence) return { changes: [], position: after };
    const recent = this.#recent.after(after, limit);
    const changes =
      recent ?? toChanges(await this.#lake.read(identityChanges(after, limit), { lane: 'scan' }));
    const last = changes.at(-1)?.sequence ?? 0;
    // Fewer than there may be: all of them were read, and what follows them is of domains.
    return { changes, position: changes.length < limit ? Math.max(last, sequence) : last };
  }

  find(sequence: number): Promise<Change | undefined> {
    return readChange({ read: (statement: Sql) => this.#lake.read(statement) }, sequence);
  }

  /** See `readVersions`; none of an entity whose identity is not changed here. */
  async versionOf(
    entity: string,
    keys: readonly FieldValues[],
  ): Promise<readonly (number | null)[]> {
    const shape = this.#shapes.get(entity);
    if (shape === undefined) return keys.map(() => null);
    const read = (statement: Sql): Promise<Rows> => this.#lake.read(statement);
    return readVersions(keys, { read, shape, redirects: this.redirects });
  }

  /** See `readDuplicates`. */
  async duplicates(entity: string, first: number): Promise<readonly Duplicates[]> {
    const shape = this.#shapes.get(entity);
    if (shape === undefined) return [];
    return readDuplicates(shape, first, (statement) =>
      this.#lake.read(statement, { lane: 'scan' }),
    );
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits for commands that were submitted. */
  settle(): Promise<void> {
    return this.#queue.settle();
  }

  async #transact<Result>(
    job: (tx: WriteTransaction, context: LedgerContext) => Promise<Result>,
    extent: Extent = 'large',
  ): Promise<Result> {
    let draft: LogDraft | undefined;
    const changed = new ChangedRows();
    const before = this.#state.sequence;
    const result = await this.#lake.write(
      async (tx) => {
        const own = new LogDraft(this.#state, this.#clock.now().getTime());
        draft = own;
        const temporary: string[] = [];
        const context = this.#contextOf(own, changed, temporary);
        const value = await job(tx, context);
        await own.flush(tx);
        for (const name of temporary)
          await tx.run(sql`DROP TABLE IF EXISTS ${identifier('temp', 'main', name)}`);
        return value;
      },
      () => this.#committed(draft, changed),
      extent,
    );
    if (this.#state.sequence > before) this.#tell();
    return result;
  }

  /** Runs at the very moment of the commit, before the next job begins. */
  #committed(draft: LogDraft | undefined, changed: ChangedRows): LakeChanges {
    if (draft === undefined) return 'nothing';
    const { sequence } = this.#state;
    this.#state = draft.state;
    this.#recent.add(draft.identityChanges, sequence, draft.state.sequence);
    for (const { entity, key, kind, mergedInto } of draft.identityChanges) {
      if (mergedInto !== null) this.redirects.add(entity, key, mergedInto);
      else if (kind === 'create') this.redirects.remove(entity, key);
    }
    return draft.state.sequence === sequence ? 'nothing' : changed.changes;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #contextOf(draft: LogDraft, changed: ChangedRows, temporary: string[]): LedgerContext {
    const [model] = this.#models;
    if (model === undefined) throw new TypeError('The ledger has no model to write by.');
    const context: LedgerContext = {
      draft,
      changed,
      redirects: this.redirects.draft(),
      model,
      projectionsOf: (entity) => this.#projections.get(entity) ?? [],
      // A name that was used before would be another table to DuckDB, of which it may still have a plan.
      temporaryName: () => {
        const name = `ledger_${this.#temporaryTables++}`;
        temporary.push(name);
        return name;
      },
      waiting: this.#waiting,
      applyDelta: (tx, options) => applyDelta(tx, options, context),
    };
    return context;
  }

  #setModels(models: readonly LakeModel[], shapes: ReadonlyMap<string, IdentityShape>): void {
    this.#models = models;
    // Another model may have left rows without their entity.
    this.#waiting.mayBe = true;
    this.#shapes = shapes;
    const byEntity = new Map<string, Map<string, Projection>>();
    for (const model of models) {
      for (const [entity, projection] of projectionsOf(model)) {
        const known = byEntity.get(entity) ?? new Map<string, Projection>();
        byEntity.set(entity, known);
        if (!known.has(projection.table)) known.set(projection.table, projection);
      }
    }
    this.#projections = new Map(
      [...byEntity].map(([name, tables]) => [name, [...tables.values()]]),
    );
  }
}

async function readState(lake: Lake): Promise<LogState> {
  const rows = await lake.read(
    sql`SELECT max("sequence"), max("time"), greatest(max(stamp), (SELECT max(stamp) FROM ledger.head)) FROM ledger.change`,
  );
  const [sequence, time, stamp] = rows.columns.map((column) => column[0] ?? null);
  return {
    sequence: sequence === null || sequence === undefined ? 0 : Number(sequence),
    timeMicros: time instanceof DuckDBTimestampTZValue ? time.micros : 0n,
    stamp: stamp === null || stamp === undefined ? firstStamp : String(stamp),
  };
}
