import { distance } from 'fastest-levenshtein';

/** The known name nearest to a misspelt one, or undefined when none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(2, Math.floor(name.length * 0.4));
  let nearest: string | undefined;
  let nearestDistance = limit + 1;
  for (const candidate of known) {
    const candidateDistance = distance(name.toLowerCase(), candidate.toLowerCase());
    // Short names may differ in all of their letters and still be few steps apart.
    const isAlike = candidateDistance < Math.max(name.length, candidate.length);
    if (isAlike && candidateDistance < nearestDistance) {
      nearest = candidate;
      nearestDistance = candidateDistance;
    }
  }
  return nearest;
}

/** ` Did you mean "x"?`, or a list of what is known when nothing is near; made to stand after a sentence. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return names.length === 0 ? 'There is none.' : `Known: ${names.toSorted().join(', ')}.`;
}
