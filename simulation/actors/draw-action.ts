import type { IdentityCommand, Outcome } from '../../ledger/identity-command.ts';
import type { Company } from '../world/company.ts';
import type { World } from '../world/world.ts';
import { drawCommand, drawId, drawInboundEvent } from './draw-command.ts';

const actors = ['crm', 'support', 'shop'];

type Inbound = readonly Readonly<Record<string, unknown>>[];

/** What people and tools do, drawn one after the other. */
export class Actions {
  readonly #world: World;
  readonly #company: Company;
  readonly #commands: IdentityCommand[] = [];
  readonly #inbound: { readonly tool: string; readonly events: Inbound }[] = [];
  #count = 0;

  constructor(world: World, company: Company) {
    this.#world = world;
    this.#company = company;
  }

  async next(): Promise<void> {
    const { chance } = this.#world;
    const kind = chance.weighted({
      command: 9,
      burst: 3,
      inbound: 4,
      again: 2,
      push: 2,
      source: 4,
      sync: 1.2,
      subscriber: 2.2,
      weather: 1.5,
      crash: 0.9,
    });
    switch (kind) {
      case 'command':
        return this.#command();
      case 'burst':
        for (let count = chance.between(2, 4); count > 0; count--) this.#command();
        return;
      case 'inbound':
        return this.#receive();
      case 'again':
        return this.#again();
      case 'push':
        return this.#push();
      case 'source':
        return this.#changeSource();
      case 'sync':
        return this.#runSync();
      case 'subscriber':
        return this.#subscriber();
      case 'weather':
        return this.#weather();
      case 'crash':
        return this.#world.crash('killed');
    }
  }

  #command(): void {
    const { chance, identities } = this.#world;
    const about = { id: `r${++this.#count}`, actor: chance.oneOf(actors) };
    const command = drawCommand(chance, identities, about);
    this.#commands.push(command);
    this.#submit(command);
  }

  #submit(command: IdentityCommand): void {
    const { line, trace } = this.#world;
    const { actor } = command.origin;
    trace.add(actor, `asks ${command.origin.cause ?? ''}: ${describe(command)}`);
    line.ask({
      isRepeated: command.idempotencyKey !== undefined,
      ask: async ({ writer }) => {
        const outcome = await writer.submit(command);
        if (outcome.problems.some(({ code }) => code === 'FAILED')) throw new Error('FAILED');
        return outcome;
      },
      hear: (outcome) => this.#learn(actor, outcome),
    });
  }

  /** A tool knows what it did itself, and is not told of it. */
  #learn(actor: string, { status, sequence }: Pick<Outcome, 'status' | 'sequence'>): void {
    const { identities } = this.#world;
    const change = sequence === undefined ? undefined : identities.change(sequence);
    if (status !== 'done' || change === undefined) return;
    for (const { tool, includesOwn } of this.#company.subscriptions.values()) {
      if (tool.owner !== actor || includesOwn) continue;
      const { key, version, after } = change;
      const record = after === null ? undefined : recordOf(after);
      void tool.learn(key, version ?? 0, record);
    }
  }

  #receive(): void {
    const { chance, identities, time } = this.#world;
    const tool = chance.oneOf(actors);
    const events = Array.from({ length: chance.between(1, 3) }, () => {
      const about = { id: `e${++this.#count}`, tool, nowMs: time.now().getTime() };
      return drawInboundEvent(chance, identities, about);
    });
    const delivery = { tool, events };
    this.#inbound.push(delivery);
    this.#send(delivery);
  }

  #send({ tool, events }: { readonly tool: string; readonly events: Inbound }): void {
    const { line, trace, identities } = this.#world;
    for (const { id, type, subject, hlc } of events)
      trace.add(tool, `tells ${String(id)} ${String(type)} ${String(subject)} of ${String(hlc)}`);
    line.ask({
      isRepeated: true,
      ask: async (services) => {
        const outcomes = await services.events.receive(events, tool);
        const isFailed = outcomes.some(({ problems }) =>
          problems.some(({ code }) => code === 'FAILED'),
        );
        if (isFailed) throw new Error('FAILED');
        return outcomes;
      },
      hear: (outcomes) => {
        for (const { id } of outcomes) {
          const own = identities.changes.find(({ cause, actor }) => cause === id && actor === tool);
          if (own !== undefined) this.#learn(tool, { status: 'done', sequence: own.sequence });
        }
      },
    });
  }

  /** What was sent before comes again, alone or among other things; or its key with something else. */
  #again(): void {
    const { chance } = this.#world;
    if (chance.happens(0.5) && this.#inbound.length > 0) {
      const { tool, events } = chance.oneOf(this.#inbound);
      return this.#send({ tool, events: events.toReversed() });
    }
    if (this.#commands.length === 0) return;
    const command = chance.oneOf(this.#commands);
    const isOther = chance.happens(0.2) && command.kind === 'update';
    this.#submit(isOther ? { ...command, fields: { name: 'Somebody else' } } : command);
  }

  #push(): void {
    const { chance, identities, trace } = this.#world;
    const rows = Array.from({ length: chance.between(1, 4) }, () => ({
      id: chance.happens(0.15) ? `C${chance.between(7, 9)}` : drawId(chance, identities),
      account_value: chance.oneOf(['10.5', '20', '3.25', chance.happens(0.3) ? 'many' : '7', '-4']),
      sales_rep: chance.oneOf(['Kim', 'Lou', null]),
      gone: chance.happens(0.2) ? 'yes' : 'no',
    }));
    trace.add('sales', `pushes ${JSON.stringify(rows)}`);
    this.#company.sales.push(rows);
  }

  #changeSource(): void {
    const { chance, identities, trace } = this.#world;
    const { customers, invoices } = this.#company;
    const gone = chance.happens(0.2) ? 'yes' : 'no';
    const id = chance.happens(0.1) ? `C${chance.between(7, 9)}` : drawId(chance, identities);
    if (chance.happens(0.4)) {
      const row = { id, vat_number: `V${chance.below(50)}`, gone };
      trace.add('billing', `has ${JSON.stringify(row)}`);
      customers.change(row);
      return;
    }
    const amount = chance.oneOf(['5', '6.5', '7.25', chance.happens(0.4) ? null : '8']);
    const row = { id: `I${chance.between(1, 6)}`, customer_id: id, amount, gone };
    trace.add('billing', `has ${JSON.stringify(row)}`);
    invoices.change(row);
  }

  #runSync(): void {
    const { chance, line, trace } = this.#world;
    const table = chance.oneOf(['customer', 'invoice']);
    line.ask({
      isRepeated: false,
      ask: ({ sync }) => sync.runNow({ domain: 'billing', table }),
      hear: ({ runs }) => trace.add('billing', `synced ${table}: ${runs?.[0]?.state ?? ''}`),
    });
  }

  #subscriber(): void {
    const { chance, line, trace, network, time } = this.#world;
    const company = this.#company;
    const kind = chance.weighted({
      join: 1,
      pause: 1,
      resume: 2,
      replay: 1,
      trouble: 2,
      away: 1,
      gone: 0.4,
    });
    if (kind === 'join') {
      if (company.joined < 6)
        company.subscribe('ops', 'honest', {
          includesOwn: false,
          withSnapshot: chance.happens(0.8),
        });
      return;
    }
    const all = [...company.subscriptions.values()];
    if (all.length === 0) return;
    const subscription = chance.oneOf(all);
    const { id, tool } = subscription;
    trace.add(tool.name, kind);
    switch (kind) {
      case 'pause':
      case 'resume':
        line.ask({ isRepeated: false, ask: ({ events }) => events[kind](id) });
        return;
      case 'replay': {
        // Also beyond what it has heard, and beyond what there is: nothing may be passed over for that.
        const newest = this.#world.identities.changes.at(-1)?.sequence ?? 0;
        const place = chance.below(newest + 3);
        const cursor = Buffer.from(String(place)).toString('base64url');
        line.ask({ isRepeated: false, ask: ({ events }) => events.replay(id, cursor) });
        return;
      }
      case 'trouble':
        tool.trouble = chance.oneOf([0, 0.3, 0.6, 1]);
        return;
      case 'away':
        network.setWeather(tool.host, {
          downUntilMs: time.monotonicMs() + chance.between(1_000, 90_000),
        });
        return;
      case 'gone':
        tool.isGone = true;
        time.after(chance.between(1_000, 30_000), () => {
          tool.isGone = false;
        });
    }
  }

  #weather(): void {
    const { chance, disk, line, network, time, trace } = this.#world;
    const kind = chance.weighted({ disk: 1.5, network: 2, line: 1, clear: 1, clock: 0.7 });
    trace.add('weather', kind);
    switch (kind) {
      case 'disk':
        disk.statementFails = chance.oneOf([0, 0, 0.01, 0.03]);
        disk.commitFails = chance.oneOf([0, 0.05, 0.1]);
        disk.crashes = chance.oneOf([0, 0.03, 0.06]);
        return;
      case 'network': {
        const some = (): number => chance.oneOf([0, 0, 0.15, 0.4]);
        const weather = { lostBefore: some(), lostAfter: some(), twice: some(), slow: some() };
        network.setWeather(chance.oneOf(network.hosts), weather);
        this.#company.billingTrouble = chance.oneOf([0, 0, 0.3]);
        return;
      }
      case 'line':
        line.lostAnswers = chance.oneOf([0, 0.2, 0.5]);
        return;
      case 'clear':
        this.#world.calmDown();
        return;
      case 'clock':
        time.setWall(chance.between(-4_000, 4_000));
    }
  }
}

function recordOf(row: Readonly<Record<string, string | null>>): Readonly<Record<string, unknown>> {
  const {
    id,
    name,
    email,
    created_at: createdAt,
    updated_at: updatedAt,
    created_by: createdBy,
  } = row;
  return { id, name, email, createdAt, updatedAt, createdBy };
}

function describe(command: IdentityCommand): string {
  const { entity: _, origin: __, idempotencyKey: ___, kind, ...wish } = command;
  return `${kind} ${JSON.stringify(wish)}`;
}
