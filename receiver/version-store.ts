/** That an entity has come to a version. */
export interface VersionChange {
  /** `Customer` */
  readonly entity: string;
  /** The id of the entity. */
  readonly subject: string;
  readonly version: number;
}

/**
 * Where a tool keeps the newest version that it knows of each entity. A version stays when its entity is deleted, as
 * a tombstone: otherwise a late update would bring the entity back.
 */
export interface VersionStore<Transaction = undefined> {
  /** Undefined for an entity that the tool has never heard of. */
  versionOf(entity: string, subject: string): Promise<number | undefined>;
  /** Is called after the handler. A version that is kept never becomes smaller. */
  remember(entity: string, subject: string, version: number): Promise<void>;
  /**
   * Does the work of a handler and remembers the version, both or neither. Have it where your database has
   * transactions; `remember` is not called then:
   *
   * 1. Begin a transaction.
   * 2. Read the version, and lock it where several processes of your tool get events. If it is not smaller than
   *    `change.version`, end here with false.
   * 3. `await work(transaction)`. What you give it is the second argument of the handler.
   * 4. Write the version, commit, and give true. When anything threw, roll back and throw it on.
   *
   * Without it a crash between handler and `remember` has the event delivered again, so handlers must bear to be
   * called twice for one event.
   */
  apply?(
    change: VersionChange,
    work: (transaction: Transaction) => Promise<void>,
  ): Promise<boolean>;
}

/** What is known is lost when the process ends: for tests, and for tools that fill themselves anew at each start. */
export function memoryStore(): VersionStore {
  const versions = new Map<string, number>();
  return {
    async versionOf(entity, subject) {
      return versions.get(placeOf(entity, subject));
    },
    async remember(entity, subject, version) {
      const place = placeOf(entity, subject);
      versions.set(place, Math.max(version, versions.get(place) ?? version));
    },
  };
}

/** Entity and subject as one text. The name of an entity has no slash. */
export function placeOf(entity: string, subject: string): string {
  return `${entity}/${subject}`;
}
