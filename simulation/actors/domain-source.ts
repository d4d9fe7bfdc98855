import type { HttpAnswer, HttpRequest } from '../../foundation/http-send.ts';
import type { Chance } from '../world/chance.ts';

/** A row of a domain's own tool. */
export type SourceRow = Readonly<Record<string, string | number | null>> & { readonly id: string };

const stepMs = 10_000;

/**
 * What a domain's own tool has: of each row the newest state, with the time of its change. Times are coarse, so that
 * many are equal, and some rows come to be seen later than newer ones.
 */
export class DomainSource {
  readonly rows = new Map<string, SourceRow>();
  readonly #hidden: { readonly row: SourceRow; readonly fromMs: number }[] = [];
  readonly #chance: Chance;
  readonly #nowMs: () => number;

  constructor(chance: Chance, nowMs: () => number) {
    this.#chance = chance;
    this.#nowMs = nowMs;
  }

  /** Changes a row; it can be seen at once, or a little later, with the time of now. */
  change(row: SourceRow): void {
    const changedMs = Math.floor(this.#nowMs() / stepMs) * stepMs;
    const changed = { ...row, changed: new Date(changedMs).toISOString() };
    // A transaction that is still open there: it shows up within the overlap.
    if (this.#chance.happens(0.2) && !this.#hidden.some((other) => other.row.id === row.id))
      this.#hidden.push({ row: changed, fromMs: this.#nowMs() + this.#chance.between(1, 25_000) });
    else if (!this.#hidden.some((other) => other.row.id === row.id)) this.rows.set(row.id, changed);
  }

  show(isAll = false): void {
    for (const hidden of [...this.#hidden]) {
      if (!isAll && hidden.fromMs > this.#nowMs()) continue;
      this.#hidden.splice(this.#hidden.indexOf(hidden), 1);
      this.rows.set(hidden.row.id, hidden.row);
    }
  }

  /** Rows since a time, with it; three to a page where pages are asked for. */
  async answer({ url }: HttpRequest): Promise<HttpAnswer> {
    this.show();
    const { searchParams } = new URL(url);
    const since = searchParams.get('since') ?? '';
    const size = Number(searchParams.get('limit') ?? 1_000);
    // Later pages are of the same moment as the first one.
    const [asOf = '', after = ''] = (searchParams.get('cursor') ?? '').split('!');
    const moment = asOf === '' ? new Date(this.#nowMs()).toISOString() : asOf;
    const placeOf = (row: SourceRow): string => `${String(row['changed'])}~${row.id}`;
    const found = [...this.rows.values()]
      .filter((row) => since === '' || String(row['changed']) >= since)
      .filter((row) => placeOf(row) > after && String(row['changed']) <= moment)
      .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const items = found.slice(0, size);
    const last = items.at(-1);
    const next = found.length > size && last !== undefined ? `${moment}!${placeOf(last)}` : null;
    return { status: 200, headers: {}, body: JSON.stringify({ items, next }) };
  }
}
