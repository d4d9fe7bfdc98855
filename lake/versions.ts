/** What a transaction changed of that which questions are answered from. */
export type LakeChanges =
  | 'everything'
  | 'nothing'
  | {
      /** Entities of which each is one row of its projection: its name, and the texts of keys. */
      readonly entities: readonly (readonly [entity: string, key: string])[];
      /** Tables that hold parts of them, `domain.table`. */
      readonly tables: readonly string[];
    };

/** For transactions over tables that no question is answered from. */
export const changesNothing = (): LakeChanges => 'nothing';

/** What an answer was made of. */
export interface LakeReads {
  /** Tables whose rows decided what is in it, `domain.table`. */
  readonly tables: ReadonlySet<string>;
  /** Entities that were looked up by their keys, also those that were not there. */
  readonly entities: ReadonlySet<string>;
}

/** Keys whose last change is known one by one; of others it is only known that it was before all of these. */
const mostKeys = 100_000;

/**
 * When what was changed last, counted in commits: whether an answer that was made of some rows is still the answer.
 *
 * Whoever keeps one notes `now` before the first statement that reads for it. A commit counts in the very turn in which
 * the writer learns of it, before anybody is told that it succeeded. So what is kept may only be taken for too old: where
 * a statement saw a commit that was not counted yet.
 */
export class LakeVersions {
  #now = 0;
  /** The last commit that may have changed anything. */
  #anything = 0;
  readonly #tables = new Map<string, number>();
  /** In the order of their last change. */
  readonly #entities = new Map<string, number>();
  /** The last change of all entities that are not among them. */
  #others = 0;

  get now(): number {
    return this.#now;
  }

  commit(changes: LakeChanges): void {
    if (changes === 'nothing') return;
    const at = ++this.#now;
    if (changes === 'everything') {
      this.#anything = at;
      this.#tables.clear();
      this.#entities.clear();
      return;
    }
    for (const table of changes.tables) this.#tables.set(table, at);
    for (const [entity, key] of changes.entities) {
      const id = entityId(entity, key);
      this.#entities.delete(id);
      this.#entities.set(id, at);
    }
    this.#forgetOldest();
  }

  /** Whether nothing of it was changed since then. */
  isCurrent({ tables, entities }: LakeReads, since: number): boolean {
    if (since === this.#now) return true;
    if (this.#anything > since) return false;
    for (const table of tables) if ((this.#tables.get(table) ?? 0) > since) return false;
    for (const id of entities) if (this.#changeOf(id) > since) return false;
    return true;
  }

  /** Whether one entity is as it was then. */
  isEntityCurrent(id: string, since: number): boolean {
    return since === this.#now || (this.#anything <= since && this.#changeOf(id) <= since);
  }

  #changeOf(id: string): number {
    return this.#entities.get(id) ?? this.#others;
  }

  #forgetOldest(): void {
    for (const [id, at] of this.#entities) {
      if (this.#entities.size <= mostKeys) return;
      this.#entities.delete(id);
      this.#others = at;
    }
  }
}

/** One text for an entity; a name has no blank in it. */
export function entityId(entity: string, key: string): string {
  return `${entity} ${key}`;
}
