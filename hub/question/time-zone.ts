/** Letters, digits and what joins them: neither an offset such as `+02:00` nor anything that could end a name. */
const pattern = /^[A-Za-z][\w+/-]*$/;

/** By name in lower case; holds no more than there are zones. */
const known = new Map<string, string>();

/**
 * The time zone with this IANA name, whatever its case, as the name that it goes by today; undefined when there is
 * none. Node and DuckDB have their zones from the same library (ICU): every canonical name of the one is known to the
 * other.
 */
export function findTimeZone(name: string): string | undefined {
  if (!pattern.test(name)) return undefined;
  const lower = name.toLowerCase();
  const found = known.get(lower) ?? resolve(name);
  if (found !== undefined) known.set(lower, found);
  return found;
}

/** Names of zones, for advice. */
export function timeZoneNames(): readonly string[] {
  return Intl.supportedValuesOf('timeZone');
}

function resolve(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
