/** A place in an answer, as a list from the end to the start; made an array only when an error needs it. */
export interface Path {
  readonly previous: Path | undefined;
  readonly key: string | number;
}

export function pathToArray(path: Path | undefined): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let step = path; step !== undefined; step = step.previous) keys.push(step.key);
  return keys.toReversed();
}
