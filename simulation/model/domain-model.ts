import { stagedTables, type StagedRow, type TableName } from './staged-row.ts';

/** A row in its table. */
export interface HeldRow {
  readonly values: Readonly<Record<string, string | null>>;
  readonly watermark: bigint | null;
  /** The key that it has in its source, where an entity was merged into this one. */
  readonly source: string | null;
}

/** A row in quarantine; `values` are those of the lake, with the key of the source. */
export interface KeptRow {
  readonly table: TableName;
  readonly kind: 'WAITING' | 'MERGED';
  readonly source: string;
  readonly waitsFor: string | null;
  readonly values: Readonly<Record<string, string | null>>;
  readonly watermark: bigint | null;
}

interface Customers {
  isLive(key: string): boolean;
  /** The key that one leads to, through merges. */
  leadsTo(key: string): string;
}

/**
 * What domains have in the lake, as the rules say: of each key the newest row, by the watermark; rows without their
 * customer wait; of two rows for a merged customer its own stays.
 */
export class DomainModel {
  readonly rows = new Map<TableName, Map<string, HeldRow>>(
    stagedTables.map((name) => [name, new Map<string, HeldRow>()]),
  );
  readonly #kept = new Map<string, KeptRow>();
  readonly #removed = new Map<string, bigint>();
  readonly #customers: Customers;

  constructor(customers: Customers) {
    this.#customers = customers;
  }

  get kept(): readonly KeptRow[] {
    return [...this.#kept.values()];
  }

  /** Rows of a delta, after its commit. */
  apply(table: TableName, staged: readonly StagedRow[]): void {
    const led = staged.map((row) => ({ row, ...this.#placeOf(table, row) }));
    for (const key of new Set(led.map((one) => one.key))) {
      const ofKey = led.filter((one) => one.key === key);
      const newest = [...new Set(ofKey.map(({ own }) => own))].map((own) =>
        ofKey.filter((one) => one.own === own).reduce((a, b) => (isNewer(b.row, a.row) ? b : a)),
      );
      const before = this.rowsOf(table).get(key);
      // The entity's own row first, then the one that stands there; the others lose their place to it.
      const rankOf = (own: string | null): number =>
        own === null ? 0 : before?.source === own ? 1 : 2;
      const ranked = newest.toSorted(
        (a, b) => rankOf(a.own) - rankOf(b.own) || (isNewer(a.row, b.row) ? -1 : 1),
      );
      let place = 0;
      for (const { row, own } of ranked) {
        if (this.#applyOne(table, key, own, row, { before, place })) place++;
      }
    }
  }

  rowsOf(table: TableName): Map<string, HeldRow> {
    return this.rows.get(table) ?? new Map<string, HeldRow>();
  }

  forget(row: KeptRow): void {
    this.#kept.delete(keptAs(row));
  }

  /** A customer exists: what waited for it is tried again. */
  begins(customer: string): void {
    this.#release(customer);
  }

  /** A customer is no more: what domains have of it waits for it to come back. */
  ends(customer: string): void {
    for (const table of stagedTables) {
      for (const [key, row] of this.rowsOf(table)) {
        if ((table === 'billing.invoice' ? row.values['customer_id'] : key) !== customer) continue;
        this.rowsOf(table).delete(key);
        const source = row.source ?? key;
        const values = { ...row.values, id: source };
        const { watermark } = row;
        this.#keep({ table, kind: 'WAITING', source, waitsFor: customer, values, watermark });
      }
    }
  }

  merges(loser: string, winner: string): void {
    for (const table of stagedTables) {
      const rows = this.rowsOf(table);
      if (table === 'billing.invoice') {
        for (const [key, row] of rows)
          if (row.values['customer_id'] === loser)
            rows.set(key, { ...row, values: { ...row.values, customer_id: winner } });
        continue;
      }
      const row = rows.get(loser);
      if (row === undefined) continue;
      const source = row.source ?? loser;
      rows.delete(loser);
      if (rows.has(winner)) {
        const { values, watermark } = row;
        this.#keep({ table, kind: 'MERGED', source, waitsFor: null, values, watermark });
      } else rows.set(winner, { ...row, values: { ...row.values, id: winner }, source });
    }
    this.#release(loser);
  }

  #placeOf(
    table: TableName,
    { values }: StagedRow,
  ): { readonly key: string; readonly own: string | null } {
    const source = String(values['id']);
    if (table === 'billing.invoice') return { key: source, own: null };
    const key = this.#customers.leadsTo(source);
    return { key, own: key === source ? null : source };
  }

  /** @returns whether it takes part in who has the place: neither is it too old, nor removed */
  #applyOne(
    table: TableName,
    key: string,
    own: string | null,
    row: StagedRow,
    { before, place }: { readonly before: HeldRow | undefined; readonly place: number },
  ): boolean {
    const { watermark } = row;
    const source = own ?? key;
    const rows = this.rowsOf(table);
    const isSame = before !== undefined && before.source === own;
    const known = isSame ? before.watermark : (this.#removed.get(`${table}/${source}`) ?? null);
    if (watermark !== null && known !== null && watermark < known) return false;
    const values: Record<string, string | null> = { ...row.values, id: key };
    const customer = table === 'billing.invoice' ? values['customer_id'] : key;
    const leadsTo = customer == null ? null : this.#customers.leadsTo(customer);
    if (table === 'billing.invoice' && !row.isDeleted) values['customer_id'] = leadsTo;
    if (row.isDeleted) {
      // Only its own row: of a merged customer another one may stand here.
      if (rows.get(key)?.source === own) rows.delete(key);
      if (watermark !== null) this.#removed.set(`${table}/${source}`, watermark);
      this.#drop(table, 'WAITING', source, watermark);
      return false;
    }
    if (leadsTo === null || !this.#customers.isLive(leadsTo)) {
      const kept = { ...values, id: key };
      this.#keep({ table, kind: 'WAITING', source, waitsFor: leadsTo, values: kept, watermark });
      return true;
    }
    const isOthers = own !== null && before !== undefined && before.source !== own;
    if (isOthers || place > 0) {
      this.#keep({ table, kind: 'MERGED', source, waitsFor: null, values, watermark });
      return true;
    }
    if (before !== undefined && before.source !== null && own === null) {
      const lost = { values: before.values, watermark: before.watermark };
      this.#keep({ table, kind: 'MERGED', source: before.source, waitsFor: null, ...lost });
    }
    rows.set(key, { values, watermark, source: own });
    this.#removed.delete(`${table}/${source}`);
    this.#drop(table, 'WAITING', source, watermark);
    return true;
  }

  #release(customer: string): void {
    for (const table of stagedTables) {
      const waiting = this.kept.filter(
        (row) => row.table === table && row.kind === 'WAITING' && row.waitsFor === customer,
      );
      for (const row of waiting) this.#kept.delete(keptAs(row));
      this.apply(
        table,
        waiting.map(({ values, watermark, source }, place) => ({
          values: { ...values, id: source },
          place: BigInt(place),
          watermark,
          isDeleted: false,
        })),
      );
    }
  }

  #keep(row: KeptRow): void {
    const known = this.#kept.get(keptAs(row));
    if (known !== undefined && isLater(known.watermark, row.watermark)) return;
    this.#kept.set(keptAs(row), row);
  }

  #drop(table: TableName, kind: KeptRow['kind'], source: string, watermark: bigint | null): void {
    const known = this.#kept.get(`${table}/${kind}/${source}`);
    if (known !== undefined && !isLater(known.watermark, watermark))
      this.#kept.delete(keptAs(known));
  }
}

function keptAs({ table, kind, source }: Pick<KeptRow, 'table' | 'kind' | 'source'>): string {
  return `${table}/${kind}/${source}`;
}

function isLater(one: bigint | null, other: bigint | null): boolean {
  return one !== null && other !== null && one > other;
}

function isNewer(one: StagedRow, other: StagedRow): boolean {
  if (one.watermark === other.watermark) return one.place > other.place;
  return isLater(one.watermark, other.watermark) || other.watermark === null;
}
