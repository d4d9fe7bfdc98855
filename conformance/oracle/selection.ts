import { ArgumentWriter } from './argument.ts';
import type { Member } from './random-argument.ts';

/** A field of a question before it is text. */
export interface Selection {
  readonly name: string;
  /** Gets a response key of its own, so that it may be asked several times with different arguments. */
  readonly isAliased: boolean;
  readonly given: readonly Member[];
  readonly selections: readonly Selection[];
}

export interface WrittenQuestion {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function leaf(name: string): Selection {
  return { name, isAliased: false, given: [], selections: [] };
}

export function branch(
  name: string,
  selections: readonly Selection[],
  given: readonly Member[] = [],
): Selection {
  return { name, isAliased: false, given, selections };
}

export function aliased(
  name: string,
  selections: readonly Selection[],
  given: readonly Member[] = [],
): Selection {
  return { name, isAliased: true, given, selections };
}

export function writeQuestion(selections: readonly Selection[]): WrittenQuestion {
  const writer = new ArgumentWriter();
  const body = writeSelections(selections, writer);
  return { query: `query${writer.declarations()} ${body}`, variables: writer.variables };
}

function writeSelections(selections: readonly Selection[], writer: ArgumentWriter): string {
  const texts = selections.map(({ name, isAliased, given, selections: inner }, index) => {
    const alias = isAliased ? `${name}_${index}: ` : '';
    const body = inner.length === 0 ? '' : ` ${writeSelections(inner, writer)}`;
    return `${alias}${name}${writer.write(given)}${body}`;
  });
  return `{ ${texts.join(' ')} }`;
}
