import { isExactDouble } from './decimal-text.ts';

/** Whatever it does not find are numbers of at most 15 digits, which a double has, or text without any numbers. */
const suspicious = /[\d.]{16}|(?:^|[[:,\s])-?\d[\d.]*[eE]/;

/** Shorter ones without an exponent are those of a double. */
const shortestInexact = 16;
/** Longer ones are not looked at: to keep their digits is never wrong. */
const longestExamined = 1_000;

/** Whether JSON has a number that no double has, which `JSON.parse` would round. Costs next to nothing where it is plain. */
export function hasInexactNumber(json: string): boolean {
  if (!suspicious.test(json)) return false;
  for (const { text } of numbersIn(json)) if (isInexact(text)) return true;
  return false;
}

/** The same JSON, with strings that are made of their digits in place of the numbers that no double has. */
export function replaceInexact(json: string, ofDigits: (digits: string) => string): string {
  if (!suspicious.test(json)) return json;
  const pieces: string[] = [];
  let end = 0;
  for (const { text, start } of numbersIn(json)) {
    if (!isInexact(text)) continue;
    pieces.push(json.slice(end, start), JSON.stringify(ofDigits(text)));
    end = start + text.length;
  }
  return pieces.join('') + json.slice(end);
}

function isInexact(number: string): boolean {
  if (number.length < shortestInexact && !/e/i.test(number)) return false;
  return number.length > longestExamined || !isExactDouble(number);
}

/** Those that stand in no string. */
function* numbersIn(
  json: string,
): Generator<{ readonly text: string; readonly start: number }, void, undefined> {
  const next = /["\d-]/g;
  const number = /-?\d[\d.eE+-]*/y;
  for (let found = next.exec(json); found !== null; found = next.exec(json)) {
    const start = found.index;
    if (found[0] === '"') {
      next.lastIndex = endOfString(json, start);
      continue;
    }
    number.lastIndex = start;
    const text = number.exec(json)?.[0] ?? found[0];
    yield { text, start };
    next.lastIndex = start + text.length;
  }
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end + 1;
}

function isEscaped(json: string, at: number): boolean {
  let slashes = 0;
  while (json[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}
