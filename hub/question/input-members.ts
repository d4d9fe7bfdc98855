/** What an input object says, as GraphQL coerced it: its members that are there, null among them. */
export function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object')
    throw new TypeError('GraphQL coerces an input object to an object.');
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** Its members that are not null, where null asks for nothing. */
export function givenMembers(value: unknown): readonly (readonly [string, unknown])[] {
  return membersOf(value).filter(([, member]) => member !== null);
}

/** The items of a list. */
export function itemsOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('GraphQL coerces a list to an array.');
  return value;
}
