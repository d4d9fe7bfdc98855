/** A plan has its fetches from the plan cache, so that few texts come again and again. */
const maximumTexts = 1_000;

/** What was made of the texts of fetches. */
export class KnownTexts<Made> {
  readonly #made = new Map<string, { readonly made: Made }>();

  /** @param make called once for a text, as long as it is known */
  of(text: string, make: () => Made): Made {
    const known = this.#made.get(text);
    if (known !== undefined) return known.made;
    if (this.#made.size >= maximumTexts) this.#made.clear();
    const made = make();
    this.#made.set(text, { made });
    return made;
  }
}
