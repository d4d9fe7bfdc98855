/**
 * What stands at a place in a question: a value with the ways to write it. Everything may also be given by a
 * variable, so that literals, variables, defaults and what is not sent at all mix at every depth.
 */
export type Argument = ValueArgument | ObjectArgument | ListArgument | AbsentArgument;

export type Form = 'literal' | 'variable' | 'default' | 'overridden default';

export interface ValueArgument {
  readonly kind: 'value';
  /** The type of the place, such as `Int` or `[String!]`. */
  readonly type: string;
  readonly form: Form;
  readonly literal: string;
  readonly json: unknown;
}

export interface ObjectArgument {
  readonly kind: 'object';
  readonly type: string;
  readonly form: Form;
  readonly fields: readonly (readonly [name: string, argument: Argument])[];
}

export interface ListArgument {
  readonly kind: 'list';
  readonly type: string;
  readonly form: Form;
  readonly items: readonly Argument[];
  /** A list of one item may be written as the item alone. */
  readonly isBare: boolean;
}

/** A variable that is declared and not sent. */
export interface AbsentArgument {
  readonly kind: 'absent';
  readonly type: string;
}

/** Writes arguments into one operation and collects its variables. */
export class ArgumentWriter {
  readonly variables: Record<string, unknown> = {};
  readonly #declarations: string[] = [];

  /** `(a: 1, b: $v0)`, or nothing for no arguments. */
  write(given: readonly (readonly [name: string, argument: Argument])[]): string {
    const texts = given.map(([name, argument]) => `${name}: ${this.#text(argument)}`);
    return texts.length === 0 ? '' : `(${texts.join(', ')})`;
  }

  /** `($v0: Int)`, or nothing for no variables. */
  declarations(): string {
    return this.#declarations.length === 0 ? '' : `(${this.#declarations.join(', ')})`;
  }

  #text(argument: Argument): string {
    if (argument.kind === 'absent') return this.#declare(argument.type);
    switch (argument.form) {
      case 'literal':
        return this.#literal(argument);
      case 'variable':
        return this.#send(this.#declare(argument.type), argument);
      case 'default':
        return this.#declare(argument.type, constantText(argument));
      case 'overridden default':
        return this.#send(this.#declare(argument.type, 'null'), argument);
    }
  }

  #literal(argument: ValueArgument | ObjectArgument | ListArgument): string {
    switch (argument.kind) {
      case 'value':
        return argument.literal;
      case 'object': {
        const fields = argument.fields.map(([name, field]) => `${name}: ${this.#text(field)}`);
        return `{ ${fields.join(', ')} }`;
      }
      case 'list': {
        const items = argument.items.map((item) => this.#text(item));
        return canBeBare(argument) ? items.join('') : `[${items.join(', ')}]`;
      }
    }
  }

  #declare(type: string, defaultValue?: string): string {
    const name = `$v${this.#declarations.length}`;
    // A default of null would not fit a type that forbids it.
    const isFitting =
      defaultValue !== undefined && !(defaultValue === 'null' && type.endsWith('!'));
    this.#declarations.push(`${name}: ${type}${isFitting ? ` = ${defaultValue}` : ''}`);
    return name;
  }

  #send(variable: string, argument: Argument): string {
    this.variables[variable.slice(1)] = jsonOf(argument);
    return variable;
  }
}

/** As a part of a variable's value; undefined when it is not sent. */
function jsonOf(argument: Argument): unknown {
  switch (argument.kind) {
    case 'absent':
      return undefined;
    case 'value':
      return argument.json;
    case 'object':
      return Object.fromEntries(
        argument.fields
          .map(([name, field]) => [name, jsonOf(field)])
          .filter(([, value]) => value !== undefined),
      );
    case 'list': {
      const items = argument.items.map(jsonOf).filter((item) => item !== undefined);
      return canBeBare(argument) ? items[0] : items;
    }
  }
}

/** As a literal without variables, for what stands in a default. */
function constantText(argument: Argument): string {
  switch (argument.kind) {
    case 'absent':
      return 'null';
    case 'value':
      return argument.literal;
    case 'object': {
      const fields = argument.fields
        .filter(([, field]) => field.kind !== 'absent')
        .map(([name, field]) => `${name}: ${constantText(field)}`);
      return `{ ${fields.join(', ')} }`;
    }
    case 'list': {
      const items = argument.items.filter(({ kind }) => kind !== 'absent').map(constantText);
      return canBeBare(argument) ? items.join('') : `[${items.join(', ')}]`;
    }
  }
}

/** A variable of an item's type fits no list. */
function canBeBare({ isBare, items }: ListArgument): boolean {
  const [item] = items;
  return isBare && items.length === 1 && item?.kind !== 'absent' && item?.form === 'literal';
}
