import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';
import { shorten, tokenizeExpression, type Token } from './expression-tokens.ts';

/** A place among the tokens of a mapping expression, which moves forward as they are taken. */
export class ExpressionCursor {
  readonly #text: string;
  readonly #at: SourceLocation;
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string, at: SourceLocation) {
    this.#text = text;
    this.#at = at;
    this.#tokens = tokenizeExpression(text, at);
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.#position + ahead, last)]!;
  }

  next(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  nextName(): string {
    const token = this.peek();
    if (token.kind !== 'name' && token.kind !== 'quotedName') throw this.unexpected('a name');
    this.#position++;
    return token.text;
  }

  isAt(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  take(symbol: string): boolean {
    if (!this.isAt(symbol)) return false;
    this.#position++;
    return true;
  }

  takeOneOf<Symbol extends string>(symbols: readonly Symbol[]): Symbol | undefined {
    return symbols.find((symbol) => this.take(symbol));
  }

  isAtWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'name' && token.text.toLowerCase() === word;
  }

  takeWord(word: string): boolean {
    if (!this.isAtWord(word)) return false;
    this.#position++;
    return true;
  }

  expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected(`"${symbol}"`);
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.unexpected(`"${word}"`);
  }

  /** The text as written between two tokens. */
  textBetween(first: Token, afterLast: Token): string {
    return this.#text.slice(first.offset, afterLast.offset).trim();
  }

  /** The error that something else was expected at the current token. */
  unexpected(expected: string): Error {
    const token = this.peek();
    if (token.kind === 'end') return this.problem(`it ends where ${expected} was expected`);
    return this.problem(
      `${expected} was expected where "${shorten(token.text)}" stands, at character ${token.offset + 1}`,
    );
  }

  problem(problem: string): Error {
    return raise(
      'MAPPING_EXPRESSION_INVALID',
      { expression: shorten(this.#text), problem },
      { at: this.#at },
    );
  }
}
