import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';

export type Token =
  | {
      readonly kind: 'name' | 'quotedName' | 'number' | 'string' | 'symbol';
      readonly text: string;
      readonly offset: number;
    }
  | { readonly kind: 'end'; readonly text: ''; readonly offset: number };

const pattern =
  /\s*(?:(?<name>[\p{L}_][\p{L}\p{N}_]*)|"(?<quotedName>(?:[^"]|"")+)"|(?<number>\d+(?:\.\d+)?)|'(?<string>(?:[^']|'')*)'|(?<symbol>\|\||[-+*/().,[\]]))/uy;

/** Splits a mapping expression into tokens; doubled quotes stand for one, as in SQL. */
export function tokenizeExpression(text: string, at: SourceLocation): readonly Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const start = pattern.lastIndex;
    const match = text.includes('\0') ? null : pattern.exec(text);
    if (match === null) {
      const rest = text.slice(start).trim().slice(0, 12);
      throw raise(
        'MAPPING_EXPRESSION_INVALID',
        { expression: shorten(text), problem: `nothing can start with "${rest}"` },
        { at },
      );
    }
    tokens.push(tokenOf(match));
  }
  return [...tokens, { kind: 'end', text: '', offset: text.length }];
}

/** Enough of a text to know it by, so that an error stays readable. */
export function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 197)}…`;
}

function tokenOf(match: RegExpExecArray): Token {
  const { name, quotedName, number, string, symbol } = match.groups ?? {};
  const [whole] = match;
  const offset = match.index + whole.length - whole.trimStart().length;
  if (name !== undefined) return { kind: 'name', text: name, offset };
  if (quotedName !== undefined)
    return { kind: 'quotedName', text: quotedName.replaceAll('""', '"'), offset };
  if (number !== undefined) return { kind: 'number', text: number, offset };
  if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'"), offset };
  return { kind: 'symbol', text: symbol ?? '', offset };
}
