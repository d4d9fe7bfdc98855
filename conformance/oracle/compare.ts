/** Where an answer differs from the expected one, in words; undefined where it does not. */
export function differenceOf(
  expected: unknown,
  found: unknown,
  unordered: ReadonlySet<string> = new Set(),
): string | undefined {
  return differenceAt(expected, found, [], unordered);
}

type Path = readonly (string | number)[];

function differenceAt(
  expected: unknown,
  found: unknown,
  path: Path,
  unordered: ReadonlySet<string>,
): string | undefined {
  if (Array.isArray(expected) && Array.isArray(found)) {
    return differenceInList(expected, found, path, unordered);
  }
  if (isObject(expected) && isObject(found)) {
    const [keys, foundKeys] = [Object.keys(expected), Object.keys(found)];
    if (keys.join() !== foundKeys.join()) return describe(path, keys, foundKeys);
    return firstOf(keys, (key) =>
      differenceAt(expected[key], found[key], [...path, key], unordered),
    );
  }
  return isEqual(expected, found, path) ? undefined : describe(path, expected, found);
}

function differenceInList(
  expected: readonly unknown[],
  found: readonly unknown[],
  path: Path,
  unordered: ReadonlySet<string>,
): string | undefined {
  if (expected.length !== found.length) {
    return `${describe(path, expected, found)}: ${expected.length} items, not ${found.length}`;
  }
  const isSorted = unordered.has(JSON.stringify(path.slice(0, -1)));
  const [left, right] = isSorted ? [sorted(expected), sorted(found)] : [expected, found];
  return firstOf([...left.keys()], (index) =>
    differenceAt(left[index], right[index], [...path, index], unordered),
  );
}

/** Items in an order of their own, for a list whose order is not settled. Every item has its key in it. */
function sorted(items: readonly unknown[]): readonly unknown[] {
  const textOf = (item: unknown): string =>
    JSON.stringify(item, (key, value: unknown) => (isHubsChoice(key) ? undefined : value));
  return items.toSorted((one, other) => (textOf(one) < textOf(other) ? -1 : 1));
}

function isEqual(expected: unknown, found: unknown, path: Path): boolean {
  const key = String(path.at(-1));
  if (isHubsChoice(key)) return (expected === null) === (found === null);
  if (expected === found) return true;
  if (typeof expected !== 'number' || typeof found !== 'number' || !isFloating(path)) return false;
  return Math.abs(expected - found) <= 1e-9 * Math.max(Math.abs(expected), Math.abs(found), 1e-9);
}

/** What the hub says in its own words: only whether it says something can be expected. */
function isHubsChoice(key: string): boolean {
  return ['cursor', 'startCursor', 'endCursor', 'rank'].includes(key);
}

/** Figures that are calculated in floating point, and sums of numbers that are. */
function isFloating(path: Path): boolean {
  const [last] = path.slice(-1);
  return (
    path.some((key) => /^(avg|median|stddev|quantiles)(_\d+)?$/.test(String(key))) ||
    (last === 'weight' && path.some((key) => /^sum(_\d+)?$/.test(String(key))))
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstOf<Item>(
  items: readonly Item[],
  find: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describe(path: Path, expected: unknown, found: unknown): string {
  return `${path.join('.')} is ${shown(found)}, should be ${shown(expected)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
