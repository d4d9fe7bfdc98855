import type { LakeChanges } from '../lake/engine.ts';
import type { KeyRows } from '../lake/projection-upkeep.ts';
import { literal, sql } from '../lake/sql.ts';
import type { WriteTransaction } from '../lake/write-transaction.ts';
import type { Entity, LakeType } from '../mapping/model.ts';
import { keyTextSql } from './table-part.ts';

/** Beyond this it costs more to tell which rows they are than to read anew what was made of others. */
const mostKeys = 10_000;

/** Which rows of projections a transaction changed, for whoever keeps answers. */
export class ChangedRows {
  readonly #entities: (readonly [entity: string, key: string])[] = [];
  readonly #tables = new Set<string>();
  #areTooMany = false;

  /** An entity that is another one in a table that it has a part in. */
  addOne({ name }: Entity, part: LakeType, key: string): void {
    this.#tables.add(`${part.domain}.${part.table}`);
    if (this.#entities.length < mostKeys) this.#entities.push([name, key]);
    else this.#areTooMany = true;
  }

  /** The same of all entities with these keys. */
  async add(tx: WriteTransaction, entity: Entity, part: LakeType, keys: KeyRows): Promise<void> {
    if (this.#areTooMany) return;
    const text = keyTextSql('k', keys.columns);
    const { columns } = await tx.read(
      sql`SELECT DISTINCT ${text} FROM (${keys.select}) AS k LIMIT ${literal(mostKeys + 1)}`,
    );
    for (const key of columns[0] ?? []) this.addOne(entity, part, String(key));
  }

  get changes(): LakeChanges {
    if (this.#areTooMany) return 'everything';
    return { entities: this.#entities, tables: [...this.#tables] };
  }
}
