import { LRUCache } from 'lru-cache';
import { isIPv6 } from 'node:net';
import type { Caller } from '../../access/caller.ts';
import type { Clock } from '../../foundation/clock.ts';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { numberText } from './check-size.ts';

interface CallerBudgetsOptions {
  /** Cost that comes back in a second; 0 limits nobody. */
  readonly costPerSecond: number;
  /** The most that a caller can have. */
  readonly costBurst: number;
  readonly clock: Clock;
}

/** Who asks, as far as it decides from whose budget it is taken. */
export interface BudgetHolder {
  readonly caller: Caller;
  /** As the front believes it, behind trusted proxies. */
  readonly clientAddress?: string | undefined;
}

interface Budget {
  left: number;
  atMs: number;
}

/** Who has not asked for longest is forgotten first; by then most have their whole budget back. */
const mostHolders = 20_000;

/**
 * A token bucket for every caller, in units of cost. What costs more than a whole budget is let in when the budget is
 * whole, and leaves a debt behind: its size alone is for `graph.limits.cost` to refuse.
 */
export class CallerBudgets {
  readonly #options: CallerBudgetsOptions;
  readonly #budgets = new LRUCache<string, Budget>({ max: mostHolders });
  #taken = 0;

  constructor(options: CallerBudgetsOptions) {
    this.#options = options;
  }

  /** Callers whose budgets are known. */
  get holders(): number {
    return this.#budgets.size;
  }

  /** Cost that was taken, from all of them. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes the cost from the budget of who asks.
   * @throws RATE_LIMITED
   */
  take(holder: BudgetHolder, cost: number): void {
    const { costPerSecond, costBurst, clock } = this.#options;
    const key = holderOf(holder);
    if (costPerSecond === 0 || key === undefined) return;
    const nowMs = clock.monotonicMs();
    const budget = this.#budgets.get(key) ?? { left: costBurst, atMs: nowMs };
    const earned = ((nowMs - budget.atMs) / 1_000) * costPerSecond;
    budget.left = Math.min(costBurst, budget.left + earned);
    budget.atMs = nowMs;
    this.#budgets.set(key, budget);
    const needed = Math.min(cost, costBurst);
    if (needed <= budget.left) {
      budget.left -= cost;
      this.#taken += cost;
      return;
    }
    const waitSeconds = Math.ceil((needed - budget.left) / costPerSecond);
    const left = Math.max(0, Math.floor(budget.left));
    throw raise(
      'RATE_LIMITED',
      {
        found: numberText(cost),
        left,
        burst: costBurst,
        perSecond: costPerSecond,
        waitSeconds,
      },
      { retryAfterSeconds: waitSeconds },
    );
  }
}

/** Undefined for other routers, which ask for many callers and have the operator's secret. */
function holderOf({ caller, clientAddress = '' }: BudgetHolder): string | undefined {
  switch (caller.kind) {
    case 'apiKey':
      return `key ${caller.id}`;
    case 'jwt':
      return `subject ${caller.subject}`;
    case 'anonymous':
      return `address ${networkOf(clientAddress)}`;
    case 'router':
      return undefined;
  }
}

/** Whoever has one address of IPv6 has all of its /64 network. */
function networkOf(address: string): string {
  // Most are of IPv4, and to look for the colon is a hundred times quicker.
  if (!address.includes(':') || !isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0');
  const network = [...groups, ...zeros, ...last].slice(0, 4);
  return network.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
