import type { LakeReads } from '../../lake/engine.ts';
import { entityId } from '../../lake/versions.ts';
import { keyText, type KeyLookup, type RowKey } from '../../lake/key-lookup.ts';
import { PartsRead } from '../../mapping/parts-read.ts';

/** Gathers what an answer was made of, so that it can be kept until something of that changes. */
export class AnswerReads implements LakeReads {
  /** Whatever is not an entity that was looked up by its key. */
  readonly partsRead = new PartsRead();
  readonly entities = new Set<string>();
  #since: number | undefined;
  #isWhole = false;

  /** @param since the version of the lake before anything was read */
  begin(since: number): void {
    this.#since = since;
  }

  /** Everything was read, and nothing went wrong. */
  finish(): void {
    this.#isWhole = true;
  }

  /** Of a look-up for which `isKnownByKey` holds. */
  addEntities(entity: string, keys: readonly RowKey[]): void {
    for (const key of keys) this.entities.add(entityId(entity, keyText(key)));
  }

  get tables(): ReadonlySet<string> {
    return new Set(this.partsRead.tables.map(({ domain, table }) => `${domain}.${table}`));
  }

  /** Undefined where the answer cannot be kept. */
  get since(): number | undefined {
    return this.#isWhole ? this.#since : undefined;
  }
}

const exactKinds: ReadonlySet<string> = new Set(['VARCHAR', 'BIGINT', 'INTEGER', 'SMALLINT']);

/**
 * Whether changes of the entities are told by the key that is looked up. Keys of several columns may be told in another
 * order, and values of other types in another form; entities with such keys are as old as their tables.
 */
export function isKnownByKey({ columns, isUnique }: KeyLookup): boolean {
  const [only, another] = columns;
  return (
    isUnique && only !== undefined && another === undefined && exactKinds.has(only.sqlType.kind)
  );
}
