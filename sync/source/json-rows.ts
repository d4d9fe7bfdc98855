/**
 * Rows as JSON objects. DuckDB and JavaScript read a number as a double, so one with more digits than that keeps is
 * made a text first: `12345678901234567.89` arrives in a DECIMAL with all its digits.
 */
export function keepDigits(json: string): string {
  if (!manyDigits.test(json)) return json;
  return json.replaceAll(stringOrNumber, (token) =>
    token.startsWith('"') || token.replaceAll(/[^0-9]/g, '').length < 16 ? token : `"${token}"`,
  );
}

const manyDigits = /\d[\d.]{15,}/;
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Whether a value read from JSON is a row. */
export function isRow(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether some text in a value is half a character: a surrogate without the other one. JSON may write that, but DuckDB
 * reads no row with it.
 */
export function hasHalfCharacter(value: unknown): boolean {
  // What is whole is not escaped here: https://tc39.es/ecma262/#sec-quotejsonstring
  return /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value) ?? '');
}
