import { setImmediate } from 'node:timers/promises';
import { createLog } from '../../foundation/log.ts';
import type { Lake } from '../../lake/engine.ts';
import { DomainModel } from '../model/domain-model.ts';
import { IdentityModel } from '../model/identity-model.ts';
import { BrokenRule } from './broken-rule.ts';
import { Chance, keyedChance } from './chance.ts';
import { Hub, type Services } from './hub.ts';
import { Line } from './line.ts';
import { Network } from './network.ts';
import type { Shop } from './shop.ts';
import { SteppedLake, type DiskFault, type LakeStep } from './stepped-lake.ts';
import { Trace } from './trace.ts';
import { VirtualTime } from './virtual-time.ts';
import { Witness } from './witness.ts';

interface WorldOptions {
  readonly seed: number;
  readonly lake: Lake;
  readonly shop: Shop;
}

/** Shares of what the lake does that go wrong. */
export interface DiskWeather {
  statementFails: number;
  commitFails: number;
  crashes: number;
}

const calm: DiskWeather = { statementFails: 0, commitFails: 0, crashes: 0 };

/** More than this many things in a row without coming to rest is a circle. */
const mostTurns = 20_000;

/**
 * Everything around the product: time, network, disk, the process itself, and the model that it is compared with. One
 * thing happens at a time, and what it sets off is over before the next: so a seed says all that happens.
 */
export class World {
  readonly seed: number;
  readonly lake: Lake;
  readonly shop: Shop;
  readonly chance: Chance;
  readonly time = new VirtualTime();
  readonly trace = new Trace(this.time);
  readonly network: Network;
  readonly line: Line;
  readonly identities: IdentityModel;
  readonly domains: DomainModel;
  readonly disk: DiskWeather = { ...calm };
  readonly #stepped: SteppedLake;
  readonly #witness: Witness;
  readonly #random: (key: string) => number;
  #hub: Hub | undefined;
  #ids = 0;
  #crashes = 0;
  #looking = 0;
  #failure: unknown;

  constructor({ seed, lake, shop }: WorldOptions) {
    this.seed = seed;
    this.lake = lake;
    this.shop = shop;
    this.chance = new Chance(`world ${seed}`);
    this.#random = keyedChance(`product ${seed}`);
    const onBroken = (error: unknown): void => {
      this.#failure ??= error;
    };
    const { time, trace } = this;
    this.network = new Network(time, new Chance(`network ${seed}`), onBroken);
    this.line = new Line(time, new Chance(`line ${seed}`), () => this.services);
    this.domains = new DomainModel({
      isLive: (key) => (this.identities.entities.get(key)?.row ?? null) !== null,
      leadsTo: (key) => this.identities.entities.get(key)?.mergedInto ?? key,
    });
    this.identities = new IdentityModel(this.domains);
    const { identities, domains } = this;
    this.#witness = new Witness({ lake, time, trace, identities, domains, onBroken });
    this.#stepped = new SteppedLake(lake, () => this.#witness.committed());
  }

  /** What can be asked of the hub; undefined while it is away. */
  get services(): Services | undefined {
    return this.#hub?.services;
  }

  get crashes(): number {
    return this.#crashes;
  }

  /** What is to be done on the lake. */
  get lakeSteps(): readonly LakeStep[] {
    return this.#stepped.steps;
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** Checks something of which the world would not hear otherwise. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Looks something up in the lake, beside the product; nothing else happens meanwhile. */
  async look<Value>(question: () => Promise<Value>): Promise<Value> {
    this.#looking++;
    try {
      return await question();
    } finally {
      this.#looking--;
    }
  }

  startHub(): void {
    const { time, shop, network } = this;
    this.trace.add('hub', 'starts');
    this.#hub = new Hub({
      lake: this.#stepped,
      time,
      shop,
      send: (lifetime) => network.sendFor(lifetime),
      random: this.#random,
      newId: () => `id${++this.#ids}`,
      newSecret: () => secretBytes,
      log: createLog({ level: 'error', destination: { write: (line) => this.#heardLog(line) } }),
      observe: (ledger) => this.#witness.observe(ledger),
    });
  }

  /** kill -9; another process starts a little later. */
  async crash(why: string): Promise<void> {
    const hub = this.#hub;
    if (hub === undefined || hub.isOver) return;
    this.trace.add('hub', `crashes: ${why}`);
    this.#crashes++;
    this.#hub = undefined;
    await hub.kill();
    await this.#witness.crashed();
    this.line.hubDied();
    this.time.after(this.chance.between(10, 5_000), () => this.startHub());
    await this.#settle();
  }

  /** The end: nothing of it goes on. */
  async abandon(): Promise<void> {
    const hub = this.#hub;
    this.#hub = undefined;
    await hub?.kill();
  }

  /** Runs one step of the lake, with what the disk makes of it. */
  async runStep(step: LakeStep): Promise<void> {
    const fault = this.#faultOf(step);
    if (fault !== 'none') this.trace.add('disk', `${step.kind} ${fault}`);
    await step.run(fault);
    if (fault === 'crash before' || fault === 'crash after') await this.crash('power');
    await this.#settle();
  }

  /** Lets the next planned thing happen. False when there is none. */
  async goOn(): Promise<boolean> {
    const isGoing = this.time.step();
    await this.#settle();
    return isGoing;
  }

  /** Lets everything that an action set off happen. */
  async act(work: () => void | Promise<void>): Promise<void> {
    await work();
    await this.#settle();
  }

  /** Lets things happen, without anything new, until something is so. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    for (let turn = 0; !isSo(); turn++) {
      if (turn > mostTurns) throw new BrokenRule(`In the end ${what}.`, 'It never was so.');
      const { lakeSteps } = this;
      if (lakeSteps.length > 0) await this.runStep(this.chance.oneOf(lakeSteps));
      else if (!(await this.goOn()))
        throw new BrokenRule(`In the end ${what}.`, 'Nothing happens any more.');
    }
  }

  /** Waits for what a service promises. */
  async finish<Value>(promised: Promise<Value>, what: string): Promise<Value> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    promised.then(end, end);
    await this.#settle();
    await this.until(() => isOver, what);
    return promised;
  }

  calmDown(): void {
    Object.assign(this.disk, calm);
    this.network.clearUp();
    this.line.lostAnswers = 0;
  }

  #heardLog(line: string): void {
    const { msg, err } = JSON.parse(line) as { msg: string; err?: { message?: string } };
    this.trace.add('log', `${msg}: ${String(err?.message).replaceAll(/\s+/g, ' ').slice(0, 200)}`);
  }

  #faultOf({ kind }: LakeStep): DiskFault {
    const { statementFails, commitFails, crashes } = this.disk;
    if (kind === 'commit') {
      if (this.chance.happens(crashes)) return this.chance.oneOf(['crash before', 'crash after']);
      return this.chance.happens(commitFails) ? 'fails' : 'none';
    }
    if (kind !== 'statement' && kind !== 'read') return 'none';
    return this.chance.happens(statementFails) ? 'fails' : 'none';
  }

  /** Whatever was set off and needs neither lake nor time is over afterwards. */
  async #settle(): Promise<void> {
    do await setImmediate();
    while (this.#looking > 0);
    const failure = this.#failure ?? this.#hub?.failure;
    if (failure === undefined) return;
    // Where the disk failed while the hub started, its process ends, and is started again.
    if (
      this.#failure === undefined &&
      this.#hub?.services === undefined &&
      !(failure instanceof BrokenRule)
    ) {
      await this.crash(`it could not start: ${String(failure)}`);
      return;
    }
    throw failure;
  }
}

/** One secret for all, so that a tool knows it also where the answer was lost. */
const secretBytes = Buffer.alloc(32, 7);
export const subscriberSecret = `whsec_${secretBytes.toString('base64')}`;
