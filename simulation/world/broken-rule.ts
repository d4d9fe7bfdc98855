/** Something that must hold does not. */
export class BrokenRule extends Error {
  override readonly name = 'BrokenRule';

  /** @param rule what must hold, as a sentence; @param found what is instead */
  constructor(rule: string, found: string) {
    super(`${rule}\n  ${found}`);
  }
}

/** @throws BrokenRule */
export function mustHold(isTrue: boolean, rule: string, found: () => string): void {
  if (!isTrue) throw new BrokenRule(rule, found());
}

/** @throws BrokenRule unless both are the same as JSON */
export function mustEqual(found: unknown, expected: unknown, rule: string): void {
  const [one, other] = [canonical(found), canonical(expected)];
  if (one !== other) throw new BrokenRule(rule, `found    ${one}\n  expected ${other}`);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return String(member);
    if (member instanceof Map) return Object.fromEntries(sorted(Object.fromEntries(member)));
    return typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(sorted(member))
      : member;
  });
}

function sorted(members: object): [string, unknown][] {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
