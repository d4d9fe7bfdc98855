/** Keys of entities that were merged into others, and where they lead. Small, since merges are rare. */
export class Redirects {
  readonly #targets = new Map<string, Map<string, string>>();
  readonly #below: Redirects | undefined;

  private constructor(below?: Redirects) {
    this.#below = below;
  }

  static none(): Redirects {
    return new Redirects();
  }

  /** The same, for a transaction: what is added there is forgotten with it. */
  draft(): Redirects {
    return new Redirects(this);
  }

  /** Whether any entity of this name was merged away. */
  has(entity: string): boolean {
    return this.#targets.has(entity) || this.#below?.has(entity) === true;
  }

  /** The key that stands for this one now; undefined where it stands for itself. */
  find(entity: string, key: string): string | undefined {
    return this.#targets.get(entity)?.get(key) ?? this.#below?.find(entity, key);
  }

  add(entity: string, key: string, target: string): void {
    const targets = this.#targets.get(entity) ?? new Map<string, string>();
    this.#targets.set(entity, targets);
    targets.set(key, target);
    // What led to the key leads on, so that one step is enough.
    for (const [from, to] of targets) if (to === key) targets.set(from, target);
  }

  remove(entity: string, key: string): void {
    const targets = this.#targets.get(entity);
    targets?.delete(key);
    if (targets?.size === 0) this.#targets.delete(entity);
  }
}
