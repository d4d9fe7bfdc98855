import type { Random } from '../../oracle/random.ts';

/** A row as the tool has it; `gone` marks a tombstone. */
export interface PushedRow {
  readonly id: string;
  readonly changedAt: string;
  readonly gone?: true;
  readonly [column: string]: string | number | boolean | undefined;
}

interface PushingToolOptions {
  readonly name: string;
  /** `/sync/DOMAIN/TABLE`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly random: Random;
  /** Ids that rows may have. */
  readonly ids: () => readonly string[];
  readonly valuesOf: (text: string) => Readonly<Record<string, string | number>>;
  readonly hasTombstones: boolean;
}

const firstChangeMs = Date.parse('2026-01-01T00:00:00Z');

/** A domain's tool that pushes one delta after the other, each again and again until it is told that it was taken. */
export class PushingTool {
  readonly acknowledged: (readonly PushedRow[])[] = [];
  readonly problems: string[] = [];
  readonly #options: PushingToolOptions;
  #pending: readonly PushedRow[] | undefined;
  #count = 0;

  constructor(options: PushingToolOptions) {
    this.#options = options;
  }

  /** What was sent and not answered: the lake may have all of it, or nothing. */
  get pending(): readonly PushedRow[] | undefined {
    return this.#pending;
  }

  async work(url: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#pending ??= this.#draw();
      if (this.#pending.length === 0) this.#pending = undefined;
      else if (!(await this.#push(url, this.#pending, signal))) return;
      await new Promise((resolve) => setTimeout(resolve, this.#options.random.below(60)));
    }
  }

  async finish(url: string): Promise<void> {
    if (this.#pending !== undefined)
      await this.#push(url, this.#pending, new AbortController().signal);
  }

  #draw(): readonly PushedRow[] {
    const { random, ids, valuesOf, hasTombstones, name } = this.#options;
    const push = ++this.#count;
    const most = random.isTrue(0.1) ? 400 : 20;
    const chosen = random.shuffle(ids()).slice(0, 1 + random.below(most));
    return chosen.map((id, place) => {
      const changedAt = new Date(firstChangeMs + push * 1_000 + place).toISOString();
      if (hasTombstones && random.isTrue(0.1)) return { id, changedAt, gone: true };
      return { id, changedAt, ...valuesOf(`${name} ${push}.${place}`) };
    });
  }

  /** False when no answer came. */
  async #push(url: string, rows: readonly PushedRow[], signal: AbortSignal): Promise<boolean> {
    const { path, headers, name } = this.#options;
    try {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', ...headers },
        body: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
        signal,
      });
      const text = await response.text();
      if (response.status === 200) {
        this.acknowledged.push(rows);
        this.#pending = undefined;
        return true;
      }
      this.problems.push(`A push of ${name} was answered with ${response.status}: ${text}`);
    } catch {
      // Nobody was there, or is there any more.
    }
    return false;
  }
}
