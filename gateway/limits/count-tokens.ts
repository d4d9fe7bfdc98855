import { endOfLine, endOfString } from './skip-text.ts';

/**
 * The lexical tokens of a GraphQL text, as graphql-js counts them for `maxTokens`. It does not say whether the text is
 * right otherwise: of what is no token, each character counts as one.
 * https://spec.graphql.org/October2021/#sec-Language.Source-Text.Lexical-Tokens
 *
 * Counting ends at `most` tokens and one more, so that a long text costs no more than what of it is allowed.
 */
export function countTokens(text: string, most = Number.POSITIVE_INFINITY): number {
  let tokens = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (isIgnored(code)) {
      index += 1;
      continue;
    }
    if (code === numberSign) {
      index = endOfLine(text, index);
      continue;
    }
    tokens += 1;
    if (tokens > most) return tokens;
    index = endOfToken(text, index, code);
  }
  return tokens;
}

const quote = 0x22;
const numberSign = 0x23;
const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;

function endOfToken(text: string, start: number, code: number): number {
  if (isLetter(code)) return endOf(text, start + 1, isNamePart);
  if (isDigit(code) || code === minus) return endOf(text, start + 1, isNumberPart);
  if (code === quote) return endOfString(text, start);
  if (code === dot && text.startsWith('...', start)) return start + 3;
  return start + 1;
}

function endOf(text: string, start: number, isPart: (code: number) => boolean): number {
  let end = start;
  while (end < text.length && isPart(text.charCodeAt(end))) end += 1;
  return end;
}

function isIgnored(code: number): boolean {
  return code === 0x20 || code === 0x2c || code === 0x09 || isLineEnd(code) || code === 0xfeff;
}

function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNamePart(code: number): boolean {
  return isLetter(code) || isDigit(code);
}

/** What may stand in a number; the parser finds out whether it does in the right order. */
function isNumberPart(code: number): boolean {
  return isDigit(code) || code === dot || code === plus || code === minus || (code | 0x20) === 0x65;
}
