import type { Clock } from '../foundation/clock.ts';
import type { Log } from '../foundation/log.ts';
import type { Change } from '../ledger/change.ts';
import type { IdentityWriter } from '../ledger/identity-command.ts';
import { buriedBy } from './dead-letter-store.ts';
import { vetoSource } from './is-wanted.ts';
import type { SubscriberRecord } from './subscriber-record.ts';
import type { EventLake } from './subscriber-store.ts';
import { loadVetoes, putVeto, type VetoRecord } from './veto-store.ts';

/** What a subscriber knows of a change: `sent` where it may have got it, `unsent` where it certainly has not. */
export interface Standing {
  readonly id: string;
  readonly name: string;
  readonly knows: 'accepted' | 'sent' | 'unsent' | 'unwanted';
}

interface SagaOptions {
  readonly lake: EventLake;
  readonly identities: IdentityWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly standings: (change: Change) => readonly Standing[];
}

/**
 * Changes that subscribers refuse.
 *
 * A veto in time is written down as pending, then the change is taken back by another one, then what came of it is
 * written down. After a crash in between the pending one is carried out again; the ledger knows it by its idempotency
 * key. Who hears of what is decided at the moment of the veto and stands in its record, so that it is the same after a
 * restart:
 *
 * - The one who refused it never applied it, and does not hear that it was taken back.
 * - Those that had certainly not been sent the event are spared both. From that moment on it is held back for them.
 * - All others hear of both, in their order. Those to whom a process that has since ended may have sent the event are
 *   among them.
 */
export class Sagas {
  readonly #options: SagaOptions;
  readonly #vetoes = new Map<number, VetoRecord[]>();
  readonly #underWay = new Map<number, Promise<void>>();

  constructor(options: SagaOptions) {
    this.#options = options;
  }

  /** Reads all vetoes, and carries out those that a crash cut off. Before anything is delivered. */
  async load(): Promise<void> {
    const { lake, log } = this.#options;
    for (const veto of await loadVetoes(lake)) this.#keep(veto);
    for (const veto of [...this.#vetoes.values()].flat()) {
      if (veto.outcome !== 'PENDING') continue;
      try {
        await this.#carryOut(veto);
      } catch (error) {
        this.#drop(veto);
        log.error({ err: error, event: veto.sequence }, 'a veto could not be carried out');
      }
    }
  }

  /** In the order in which they came. */
  vetoesOf(sequence: number): readonly VetoRecord[] {
    return this.#vetoes.get(sequence) ?? [];
  }

  /** Whether a subscriber is to get the event of a change; a promise where that is being decided. */
  verdictOn(change: Change, subscriber: string): 'send' | 'skip' | Promise<void> {
    const { sequence, reverses } = change;
    const isSpared = ({ spared }: VetoRecord): boolean => spared.includes(subscriber);
    if (reverses !== null) {
      const isNews = this.vetoesOf(reverses).every(
        (veto) =>
          veto.outcome === 'TOO_LATE' || !(veto.subscriber === subscriber || isSpared(veto)),
      );
      return isNews ? 'send' : 'skip';
    }
    const veto = this.vetoesOf(sequence).find(isSpared);
    if (veto === undefined || veto.outcome === 'TOO_LATE') return 'send';
    if (veto.outcome === 'COMPENSATED') return 'skip';
    return this.#underWay.get(sequence) ?? 'send';
  }

  /**
   * A subscriber refuses a change. Refusing it again changes nothing. Rejects where the lake does not take it; then it
   * may be tried again.
   */
  async veto(change: Change, subscriber: SubscriberRecord, reason: string): Promise<void> {
    const { sequence } = change;
    const before = this.#underWay.get(sequence) ?? Promise.resolve();
    const work = before.then(() => this.#decide(change, subscriber, reason));
    const settled = work.catch(() => undefined);
    this.#underWay.set(sequence, settled);
    try {
      await work;
    } finally {
      if (this.#underWay.get(sequence) === settled) this.#underWay.delete(sequence);
    }
  }

  async #decide(change: Change, subscriber: SubscriberRecord, reason: string): Promise<void> {
    const { lake, clock, standings } = this.#options;
    const { sequence, entity } = change;
    const vetoes = this.vetoesOf(sequence);
    if (vetoes.some((veto) => veto.subscriber === subscriber.id)) return;
    const basis: VetoRecord = {
      sequence,
      entity,
      subscriber: subscriber.id,
      subscriberName: subscriber.name,
      actor: subscriber.owner,
      reason,
      outcome: 'TOO_LATE',
      compensation: null,
      appliedBy: [],
      spared: [],
      time: clock.now(),
    };
    const done = vetoes.find(({ outcome }) => outcome === 'COMPENSATED');
    if (done !== undefined) {
      const { outcome, compensation, appliedBy } = done;
      await this.#settle({ ...basis, outcome, compensation, appliedBy });
      return;
    }
    if (basis.time.getTime() > change.time.getTime() + subscriber.vetoWindowMs) {
      await this.#settle(basis);
      return;
    }
    const buried = await buriedBy(lake, sequence);
    // From here to where it is kept nothing is awaited, so nothing is sent in between.
    const known = standings(change).filter(({ id }) => id !== subscriber.id);
    const veto: VetoRecord = {
      ...basis,
      outcome: 'PENDING',
      appliedBy: known.flatMap(({ id, name, knows }) =>
        knows === 'accepted' && !buried.has(id) ? [name] : [],
      ),
      spared: known.flatMap(({ id, knows }) => (knows === 'unsent' ? [id] : [])),
    };
    this.#keep(veto);
    try {
      await putVeto(lake, veto);
      await this.#carryOut(veto);
    } catch (error) {
      this.#drop(veto);
      throw error;
    }
  }

  async #carryOut(veto: VetoRecord): Promise<void> {
    const { sequence, entity, actor } = veto;
    const outcome = await this.#options.identities.submit({
      kind: 'reverse',
      entity,
      sequence,
      origin: { actor, source: vetoSource, cause: String(sequence) },
      idempotencyKey: `veto/${sequence}`,
    });
    if (outcome.problems.some(({ code }) => code === 'FAILED'))
      throw new Error(outcome.problems[0]?.message ?? 'The change was not taken back.');
    if (outcome.status === 'done' && outcome.sequence !== undefined)
      await this.#settle({ ...veto, outcome: 'COMPENSATED', compensation: outcome.sequence });
    else await this.#settle({ ...veto, outcome: 'TOO_LATE' });
  }

  async #settle(veto: VetoRecord): Promise<void> {
    await putVeto(this.#options.lake, veto);
    this.#keep(veto);
  }

  #keep(veto: VetoRecord): void {
    const others = this.vetoesOf(veto.sequence).filter(
      ({ subscriber }) => subscriber !== veto.subscriber,
    );
    this.#vetoes.set(veto.sequence, [...others, veto]);
  }

  #drop({ sequence, subscriber }: VetoRecord): void {
    const others = this.vetoesOf(sequence).filter((veto) => veto.subscriber !== subscriber);
    if (others.length === 0) this.#vetoes.delete(sequence);
    else this.#vetoes.set(sequence, others);
  }
}
