import type { QueryPlan } from '@apollo/query-planner';
import { LRUCache } from 'lru-cache';
import type { MadePlan } from './process/planner-process.ts';

/**
 * The plans that Apollo's gateway keeps, bounded by the length of their JSON, in the form that it takes. Others may put
 * plans into it before the gateway looks for them.
 */
export class PlanStore {
  readonly #plans: LRUCache<string, QueryPlan>;
  /** What was put last is there for who put it, also where it is larger than all that may be kept. */
  #last: { readonly key: string; readonly plan: QueryPlan } | undefined;

  constructor(maxBytes: number) {
    this.#plans = new LRUCache({ maxSize: maxBytes });
  }

  has(key: string): boolean {
    return this.#plans.has(key);
  }

  put(key: string, { plan, length }: MadePlan): void {
    this.#last = { key, plan };
    this.#plans.set(key, plan, { size: length });
  }

  get(key: string): Promise<QueryPlan | undefined> {
    const plan = this.#last?.key === key ? this.#last.plan : this.#plans.get(key);
    this.#last = undefined;
    return Promise.resolve(plan);
  }

  set(key: string, plan: QueryPlan): Promise<void> {
    this.put(key, { plan, length: JSON.stringify(plan).length });
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#plans.delete(key));
  }

  clear(): void {
    this.#last = undefined;
    this.#plans.clear();
  }
}
