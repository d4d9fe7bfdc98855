import type fc from 'fast-check';

/** Makes an arbitrary the first time: questions hold the same parts again and again, at every depth. */
export function once<Result>(): (
  name: string,
  make: () => fc.Arbitrary<Result>,
) => fc.Arbitrary<Result> {
  const known = new Map<string, fc.Arbitrary<Result>>();
  return (name, make) => {
    const made = known.get(name) ?? make();
    known.set(name, made);
    return made;
  };
}
