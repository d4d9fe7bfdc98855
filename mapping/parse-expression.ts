import type { SourceLocation } from '../foundation/errors/tributary-error.ts';
import { ExpressionCursor } from './expression-cursor.ts';
import {
  aggregateNames,
  findAggregate,
  functionNames,
  isFunction,
  isKeyword,
  wrongCount,
  type AggregateName,
  type FunctionName,
} from './expression-words.ts';
import type { Expression } from './model.ts';
import { parseSqlType } from './sql-type.ts';

/** Deeper than anybody writes, and far from what exhausts the stack of whoever walks the tree. */
const maximumDepth = 50;

/**
 * Reads the expression of `@column(from:)`: a small part of SQL over the columns of one table.
 *
 *     first_name || ' ' || last_name            cast(total as DECIMAL(10,2))
 *     case tier when 'G' then 'GOLD' else tier end
 *     coalesce(rep, 'nobody')                   sum(invoice.total)     count(invoice)
 *
 * The text comes from a domain's schema, never from a request, and still nothing of it is passed on as text:
 * what comes out is a tree of known kinds.
 */
export function parseExpression(text: string, at: SourceLocation): Expression {
  return new ExpressionParser(new ExpressionCursor(text, at)).parseWhole();
}

class ExpressionParser {
  readonly #cursor: ExpressionCursor;
  #depth = 0;
  /** Set while inside an aggregate, with the related table whose columns are meant once one was named. */
  #aggregate: { table: string | undefined } | undefined;

  constructor(cursor: ExpressionCursor) {
    this.#cursor = cursor;
  }

  parseWhole(): Expression {
    const expression = this.#parseConcat();
    if (this.#cursor.peek().kind !== 'end') throw this.#cursor.unexpected('its end');
    return expression;
  }

  #parseConcat(): Expression {
    if (++this.#depth > maximumDepth) throw this.#cursor.problem('it is nested too deeply');
    const first = this.#parseSum();
    const parts = [first];
    while (this.#cursor.take('||')) parts.push(this.#parseSum());
    this.#depth--;
    return parts.length === 1 ? first : { kind: 'concat', parts };
  }

  #parseSum(): Expression {
    return this.#parseArithmetic(['+', '-'], () => this.#parseProduct());
  }

  #parseProduct(): Expression {
    return this.#parseArithmetic(['*', '/'], () => this.#parsePrimary());
  }

  #parseArithmetic(
    operators: readonly ('+' | '-' | '*' | '/')[],
    parseOperand: () => Expression,
  ): Expression {
    let left = parseOperand();
    // Every operator makes the tree one level deeper on its left side.
    for (let count = 0; ; count++) {
      const operator = this.#cursor.takeOneOf(operators);
      if (operator === undefined) return left;
      if (count >= maximumDepth)
        throw this.#cursor.problem(`more than ${maximumDepth} operators follow each other`);
      left = { kind: 'arithmetic', operator, left, right: parseOperand() };
    }
  }

  #parsePrimary(): Expression {
    const token = this.#cursor.peek();
    switch (token.kind) {
      case 'number':
        return this.#parseNumber(1);
      case 'string':
        return { kind: 'constant', value: this.#cursor.next().text };
      case 'quotedName':
        return this.#parseColumn();
      case 'name':
        return this.#parseName();
      case 'symbol':
        return this.#parseSymbol();
      case 'end':
        throw this.#cursor.unexpected('a value');
    }
  }

  #parseSymbol(): Expression {
    if (this.#cursor.take('(')) {
      const inner = this.#parseConcat();
      this.#cursor.expect(')');
      return inner;
    }
    if (this.#cursor.isAt('-') && this.#cursor.peek(1).kind === 'number') {
      this.#cursor.next();
      return this.#parseNumber(-1);
    }
    throw this.#cursor.unexpected('a value');
  }

  #parseNumber(sign: 1 | -1): Expression {
    const { text } = this.#cursor.next();
    // 15 digits are what a double holds exactly whatever they are; beyond, a digit could be lost without a word.
    if (text.replace('.', '').replace(/^0+/, '').length > 15) {
      throw this.#cursor.problem(
        `${text} has more than 15 digits; write it as cast('${text}' as DECIMAL(38,…))`,
      );
    }
    return { kind: 'constant', value: sign * Number(text) };
  }

  #parseName(): Expression {
    const name = this.#cursor.peek().text;
    const word = name.toLowerCase();
    if (this.#cursor.takeWord('null')) return { kind: 'constant', value: null };
    if (word === 'true' || word === 'false') {
      this.#cursor.next();
      return { kind: 'constant', value: word === 'true' };
    }
    if (this.#cursor.takeWord('case')) return this.#parseCase();
    if (!this.#cursor.isAt('(', 1)) {
      if (!isKeyword(word)) return this.#parseColumn();
      throw this.#cursor.problem(
        `"${name}" is a keyword; put double quotes round a column of that name`,
      );
    }
    this.#cursor.next();
    this.#cursor.expect('(');
    if (word === 'cast') return this.#parseCast();
    const aggregate = findAggregate(word);
    if (aggregate !== undefined) return this.#parseAggregate(aggregate);
    if (isFunction(word)) return this.#parseCall(word);
    throw this.#cursor.problem(
      `there is no function ${name}; there are cast, ${[...functionNames, ...aggregateNames].join(', ')}`,
    );
  }

  #parseColumn(): Expression {
    const name = this.#cursor.nextName();
    const aggregate = this.#aggregate;
    if (!this.#cursor.take('.')) {
      if (aggregate === undefined) return { kind: 'column', column: name };
      throw this.#cursor.problem(
        `inside an aggregate a column needs its table, as in invoice.${name}`,
      );
    }
    if (aggregate === undefined) {
      throw this.#cursor.problem(`${name}.… names another table, which only an aggregate may read`);
    }
    if (aggregate.table !== undefined && aggregate.table !== name) {
      throw this.#cursor.problem(
        `one aggregate reads one table, not both ${aggregate.table} and ${name}`,
      );
    }
    aggregate.table = name;
    return { kind: 'column', column: this.#cursor.nextName() };
  }

  #parseCast(): Expression {
    const value = this.#parseConcat();
    this.#cursor.expectWord('as');
    const first = this.#cursor.peek();
    for (let depth = 0; depth > 0 || !this.#cursor.isAt(')'); this.#cursor.next()) {
      if (this.#cursor.peek().kind === 'end') throw this.#cursor.unexpected('")"');
      if (this.#cursor.isAt('(')) depth++;
      if (this.#cursor.isAt(')')) depth--;
    }
    const typeText = this.#cursor.textBetween(first, this.#cursor.peek());
    this.#cursor.expect(')');
    const type = parseSqlType(typeText);
    if (type === undefined)
      throw this.#cursor.problem(`"${typeText}" is not a type that a column can have`);
    return { kind: 'cast', value, type };
  }

  #parseCase(): Expression {
    if (this.#cursor.isAtWord('when')) {
      throw this.#cursor.problem('a case compares one value: case value when … then … end');
    }
    const subject = this.#parseConcat();
    const whens: { when: Expression; then: Expression }[] = [];
    while (this.#cursor.takeWord('when')) {
      const when = this.#parseConcat();
      this.#cursor.expectWord('then');
      whens.push({ when, then: this.#parseConcat() });
    }
    if (whens.length === 0) throw this.#cursor.unexpected('"when"');
    const otherwise = this.#cursor.takeWord('else') ? this.#parseConcat() : undefined;
    this.#cursor.expectWord('end');
    return { kind: 'case', subject, whens, otherwise };
  }

  #parseAggregate(name: AggregateName): Expression {
    if (this.#aggregate !== undefined) {
      throw this.#cursor.problem('an aggregate cannot stand inside another');
    }
    if (name === 'count' && this.#cursor.isAt(')', 1)) {
      const table = this.#cursor.nextName();
      this.#cursor.expect(')');
      return { kind: 'aggregate', name, table, value: undefined };
    }
    const aggregate: { table: string | undefined } = { table: undefined };
    this.#aggregate = aggregate;
    const value = this.#parseConcat();
    this.#aggregate = undefined;
    this.#cursor.expect(')');
    const { table } = aggregate;
    if (table === undefined)
      throw this.#cursor.problem(`${name}() needs a column of a related table`);
    return { kind: 'aggregate', name, table, value };
  }

  #parseCall(name: FunctionName): Expression {
    const parts = [this.#parseConcat()];
    while (this.#cursor.take(',')) parts.push(this.#parseConcat());
    this.#cursor.expect(')');
    const problem = wrongCount(name, parts.length);
    if (problem !== undefined) throw this.#cursor.problem(problem);
    return { kind: 'call', name, parts };
  }
}
