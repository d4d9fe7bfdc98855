import type { DuckDBValue } from '@duckdb/node-api';
import type { SqlType } from '../mapping/model.ts';
import { formatSqlType } from '../mapping/sql-type.ts';

/**
 * The only way in which text enters SQL: the literal text of a template, and what the functions below make of names,
 * values and types. There is no way to put in a string as it is.
 */

/** What a statement can be given, and what comes out of one, as the driver writes it. */
export type LakeValue = DuckDBValue;

/** A parameter: its value, or the name of a slot that gets one each time the statement runs. */
export type Binding =
  | { readonly kind: 'value'; readonly value: LakeValue }
  | { readonly kind: 'slot'; readonly name: string };

/** A piece of SQL. It composes with others in `sql`, and never changes. */
export type Sql = Fragment;

/** SQL text with numbered parameters and their values: what the lake runs. */
export interface Statement {
  readonly text: string;
  /** The value of `$1` comes first. */
  readonly values: readonly LakeValue[];
}

/** SQL text with numbered parameters; `bindings[0]` is `$1`. A slot is one parameter however often it is named. */
export interface RenderedSql {
  readonly text: string;
  readonly bindings: readonly Binding[];
}

/** Fragments stay as they are within each other, and are read through once, when the statement is rendered. */
type Part = string | Binding | Fragment;

class Fragment {
  readonly #parts: readonly Part[];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
    Object.freeze(this);
  }

  static checked(fragment: Fragment): Fragment {
    // Only real fragments have the private field, so nothing that came in as JSON can pass for one.
    if (!(typeof fragment === 'object' && fragment !== null && #parts in fragment)) {
      throw new TypeError('Only fragments made by lake/sql.ts may be put into SQL.');
    }
    return fragment;
  }

  /** Text and parameters in their order. */
  static walk(fragment: Fragment, visit: (part: string | Binding) => void): void {
    for (const part of Fragment.checked(fragment).#parts) {
      if (part instanceof Fragment) Fragment.walk(part, visit);
      else visit(part);
    }
  }
}

/** SQL from a template: `` sql`SELECT ${identifier('name')} FROM ${table('sales', 'customer')}` ``. */
export function sql(strings: TemplateStringsArray, ...fragments: readonly Sql[]): Sql {
  // The engine freezes the strings of a template; an array that somebody put together from input is not frozen.
  if (!Object.isFrozen(strings) || !Array.isArray(strings.raw)) {
    throw new TypeError('`sql` is a template tag and takes no other strings.');
  }
  const parts: Part[] = [];
  if (!checkedTemplates.has(strings)) checkTemplate(strings);
  for (const [index, text] of strings.entries()) {
    parts.push(text);
    const fragment = fragments[index];
    if (fragment !== undefined) parts.push(Fragment.checked(fragment));
  }
  return new Fragment(parts);
}

/** Each place in the code that writes SQL has one template, however often it runs. */
const checkedTemplates = new WeakSet<TemplateStringsArray>();

function checkTemplate(strings: TemplateStringsArray): void {
  if (strings.some((text) => /\$\d/.test(text)))
    throw new TypeError('`sql` numbers parameters itself: use value() or slot().');
  checkedTemplates.add(strings);
}

/** A name, quoted; with several, a path such as `"sales"."customer"`. */
export function identifier(...names: readonly [string, ...string[]]): Sql {
  return new Fragment([names.map(quoteName).join('.')]);
}

/** A table of a schema. */
export function table(schema: string, name: string): Sql {
  return identifier(schema, name);
}

/** A value that travels beside the text, as a parameter. */
export function value(bound: LakeValue): Sql {
  return new Fragment([{ kind: 'value', value: bound }]);
}

/** A parameter that gets its value each time the statement runs, so that the text is rendered once. */
export function slot(name: string): Sql {
  return new Fragment([{ kind: 'slot', name }]);
}

/** A constant in the text itself; for constants of a mapping, where DuckDB has to see them to plan well. */
export function literal(constant: string | number | bigint | boolean | null): Sql {
  return new Fragment([literalText(constant)]);
}

/** The name of a type, as in `CAST(x AS …)`. */
export function typeName(type: SqlType): Sql {
  return new Fragment([formatSqlType(type)]);
}

export type Separator = ', ' | ' ' | ' AND ' | ' OR ' | ' || ' | ' UNION ALL ';

/** The fragments one after the other, with the separator between each two; nothing for none. */
export function join(fragments: readonly Sql[], separator: Separator | Sql): Sql {
  const between = typeof separator === 'string' ? separator : Fragment.checked(separator);
  return new Fragment(
    fragments.flatMap((fragment, index) =>
      index === 0 ? [Fragment.checked(fragment)] : [between, Fragment.checked(fragment)],
    ),
  );
}

/** Numbers the parameters. */
export function render(fragment: Sql): RenderedSql {
  const bindings: Binding[] = [];
  const slotNumbers = new Map<string, number>();
  let text = '';
  let endsWithNumber = false;
  Fragment.walk(fragment, (part) => {
    if (typeof part === 'string') {
      if (part === '') return;
      // Text that goes on with a digit or a letter would change the number of the parameter before it.
      text += endsWithNumber && /^\w/.test(part) ? ` ${part}` : part;
      endsWithNumber = false;
      return;
    }
    const known = part.kind === 'slot' ? slotNumbers.get(part.name) : undefined;
    const number = known ?? bindings.push(part);
    if (part.kind === 'slot') slotNumbers.set(part.name, number);
    text += `$${number}`;
    endsWithNumber = true;
  });
  return { text, bindings };
}

/** The statement with a value for each slot. */
export function bindSlots(
  { text, bindings }: RenderedSql,
  slots: Readonly<Record<string, LakeValue>> = {},
): Statement {
  const values = bindings.map((binding) => {
    if (binding.kind === 'value') return binding.value;
    const bound = Object.hasOwn(slots, binding.name) ? slots[binding.name] : undefined;
    if (bound === undefined) throw new TypeError(`The slot "${binding.name}" has no value.`);
    return bound;
  });
  return { text, values };
}

/** What `read`, `stream` and `run` accept: a statement, or a fragment without slots. */
export function toStatement(source: Statement | Sql): Statement {
  return source instanceof Fragment ? bindSlots(render(source)) : source;
}

function quoteName(name: string): string {
  // DuckDB ends the statement's text at a NUL, which would leave the quote open.
  if (name === '' || name.includes('\0')) {
    throw new TypeError(`${JSON.stringify(name)} cannot be the name of anything in the lake.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

function literalText(constant: string | number | bigint | boolean | null): string {
  if (constant === null) return 'NULL';
  if (typeof constant === 'string') return stringText(constant);
  if (typeof constant === 'boolean') return constant ? 'TRUE' : 'FALSE';
  // A bare 0 is a whole number, which has no sign of its own.
  if (Object.is(constant, -0)) return `'-0'::DOUBLE`;
  if (typeof constant === 'number' && !Number.isFinite(constant)) return `'${constant}'::DOUBLE`;
  return parenthesiseNegative(String(constant));
}

function stringText(text: string): string {
  // See quoteName: a NUL cannot stand in the text.
  if (!text.includes('\0')) return quoteString(text);
  return `(${text.split('\0').map(quoteString).join(' || chr(0) || ')})`;
}

function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `1-${literal(-5)}` must not become a comment. */
function parenthesiseNegative(digits: string): string {
  return digits.startsWith('-') ? `(${digits})` : digits;
}
