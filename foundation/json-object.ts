/** A JSON object, or what could be one: neither null nor a list. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object with other members; the object itself when none became another. */
export function mapMembers(
  object: Readonly<JsonObject>,
  map: (member: unknown, name: string) => unknown,
): Readonly<JsonObject> {
  let isChanged = false;
  const members = Object.entries(object).map(([name, member]) => {
    const other = map(member, name);
    isChanged ||= other !== member;
    return [name, other] as const;
  });
  return isChanged ? Object.fromEntries(members) : object;
}

/** What the text says; undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The object that the text is; undefined for anything else. */
export function parseJsonObject(text: string): JsonObject | undefined {
  const json = parseJson(text);
  return isJsonObject(json) ? json : undefined;
}
