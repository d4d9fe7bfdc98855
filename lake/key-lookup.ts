import {
  fitsInList,
  inListValues,
  isInList,
  isInLists,
  unnestedValues,
  type KeyColumn,
  type RowKey,
} from './key-condition.ts';
import {
  identifier,
  join,
  render,
  slot,
  sql,
  type LakeValue,
  type Sql,
  type Statement,
} from './sql.ts';
import type { SqlType } from '../mapping/model.ts';

export type { RowKey } from './key-condition.ts';

export interface LookupColumn {
  readonly name: string;
  readonly sqlType: SqlType;
  /** Where the column stands in the rows. */
  readonly position: number;
}

interface LookupSource {
  /** `SELECT … FROM … AS alias`. */
  readonly select: Sql;
  readonly alias: string;
  readonly columns: readonly LookupColumn[];
  readonly orderBy?: readonly string[] | undefined;
  /** Whether no two rows have the same key; nobody knows by default. */
  readonly isUnique?: boolean | undefined;
}

/** Finds the rows for any number of keys with one statement, whose text is made once for each form of the condition. */
export class KeyLookup {
  readonly columns: readonly LookupColumn[];
  readonly isUnique: boolean;
  /** The same for look-ups that read the same columns by the same key. */
  readonly text: string;
  readonly #source: LookupSource;
  readonly #inListTexts = new Map<number, string>();
  #unnestText: string | undefined;

  constructor(source: LookupSource) {
    this.#source = source;
    this.columns = source.columns;
    this.isUnique = source.isUnique ?? false;
    this.text = this.#render(sql`TRUE`) + source.columns.map(({ name }) => `, ${name}`).join('');
  }

  /** @param keys at least one, all distinct */
  statementFor(keys: readonly RowKey[]): Statement {
    const [column] = this.#keyColumns();
    if (column === undefined) throw new TypeError('A look-up needs a column to look at.');
    return fitsInList(this.columns.length, keys.length)
      ? this.#statementWithInList(keys, column)
      : this.#statementWithLists(keys);
  }

  /** The key that a row has, in the columns of this look-up. */
  keyOf(columns: readonly (readonly LakeValue[])[], index: number): RowKey {
    return this.columns.map(({ position }) => columns[position]?.[index] ?? null);
  }

  #statementWithInList(keys: readonly RowKey[], column: KeyColumn): Statement {
    const values = inListValues(keys);
    let text = this.#inListTexts.get(values.length);
    if (text === undefined) {
      text = this.#render(isInList(column, slots(values)));
      this.#inListTexts.set(values.length, text);
    }
    return { text, values };
  }

  #statementWithLists(keys: readonly RowKey[]): Statement {
    const values = unnestedValues(this.columns.length, keys);
    this.#unnestText ??= this.#render(isInLists(this.#keyColumns(), slots(values)));
    return { text: this.#unnestText, values };
  }

  #keyColumns(): readonly KeyColumn[] {
    return this.columns.map(({ name, sqlType }) => ({
      column: identifier(this.#source.alias, name),
      sqlType,
    }));
  }

  #render(condition: Sql): string {
    const { select, alias, orderBy = [] } = this.#source;
    const order = join(
      orderBy.map((name) => identifier(alias, name)),
      ', ',
    );
    const ordered = orderBy.length === 0 ? sql`` : sql` ORDER BY ${order}`;
    return render(sql`${select} WHERE ${condition}${ordered}`).text;
  }
}

/** One text for keys that are equal. Only keys of the same look-up are compared. */
export function keyText(key: RowKey): string {
  const [value] = key;
  return key.length === 1 ? String(value) : JSON.stringify(key.map(String));
}

/** One for each value, in their order. */
function slots(values: readonly LakeValue[]): readonly Sql[] {
  return values.map((_, position) => slot(`key${position}`));
}
