const form =
  /^P(?:(?<weeks>\d+)W)?(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d{1,3})?)S)?)?$/;

/** How long a part lasts, in milliseconds. */
const parts = [
  ['weeks', 604_800_000],
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1_000],
] as const;

/** Milliseconds of an ISO 8601 duration such as `PT26H` or `P1DT12H`; undefined when it is none. Months have no fixed length. */
export function parseDuration(text: string): number | undefined {
  const groups = form.exec(text)?.groups;
  if (groups === undefined || !/\d/.test(text) || text.endsWith('T')) return undefined;
  const ms = parts.reduce((sum, [name, length]) => sum + Number(groups[name] ?? 0) * length, 0);
  return Math.round(ms);
}
