import { Readable } from 'node:stream';
import type { Chance } from '../world/chance.ts';
import type { Line } from '../world/line.ts';
import type { Trace } from '../world/trace.ts';
import type { SourceRow } from './domain-source.ts';

interface Options {
  readonly chance: Chance;
  readonly line: Line;
  readonly trace: Trace;
}

/** A tool that pushes its rows: each batch until it hears that it was taken, so that batches overtake each other. */
export class SalesTool {
  readonly rows = new Map<string, SourceRow>();
  readonly #options: Options;
  #revision = 0;
  #batch = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  push(rows: readonly Omit<SourceRow, 'revision'>[]): void {
    const { line, trace, chance } = this.#options;
    const revised = rows.map((row): SourceRow => ({
      ...(row as SourceRow),
      // Now and then several states have the same number, as in sources that count batches.
      revision: chance.happens(0.15) ? this.#revision : ++this.#revision,
    }));
    const batch = `batch ${++this.#batch}`;
    const body = revised.map((row) => JSON.stringify(row)).join('\n');
    line.ask({
      isRepeated: true,
      ask: async ({ sync }) => {
        const report = await sync.push({
          domain: 'sales',
          mode: 'delta',
          body: Readable.from([body]),
          origin: { actor: 'sales', source: 'sales/tool' },
          signal: new AbortController().signal,
        });
        trace.add('sales', `${batch} ${report.state}`);
        if (report.state === 'FAILED') throw new Error(String(report.error));
        return report;
      },
      // A batch of which too much is bad is refused as a whole.
      hear: ({ state }) => {
        if (state === 'SUCCEEDED') for (const row of revised) this.#taken(row);
      },
    });
  }

  #taken(row: SourceRow): void {
    const known = this.rows.get(row.id);
    const [older, newer] = [Number(known?.['revision'] ?? -1), Number(row['revision'])];
    if (newer < older) return;
    // Of states with equal numbers it is open which one stands at the end.
    this.rows.set(row.id, newer === older ? { ...row, isTied: 'yes' } : row);
  }
}
