import { catalogue } from '../../foundation/errors/catalogue.ts';

/** For codes that are not of this program: subgraphs say what they like. */
const others = '(other)';

/** How often an answer told of an error, by its code. */
export class ErrorMeter {
  readonly #counts = new Map<string, number>();

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  add(code: string): void {
    const known = Object.hasOwn(catalogue, code) ? code : others;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
  }
}
