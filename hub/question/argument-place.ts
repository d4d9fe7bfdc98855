/** Where in an argument a value stands; written out only for an error. */
export interface ArgumentPlace {
  readonly outer: ArgumentPlace | undefined;
  /** A name, or the position in a list, which counts from 0. */
  readonly step: string | number;
}

export function placeWithin(outer: ArgumentPlace, step: string | number): ArgumentPlace {
  return { outer, step };
}

/** As a person would write it: `where.or[1].salesRep.in`. */
export function placeText(place: ArgumentPlace): string {
  const steps: string[] = [];
  for (let here: ArgumentPlace | undefined = place; here !== undefined; here = here.outer) {
    const { step } = here;
    const isFirst = here.outer === undefined;
    if (typeof step === 'number') steps.push(`[${step}]`);
    else steps.push(isFirst ? step : `.${step}`);
  }
  return steps.toReversed().join('');
}
