import { raise } from '../../foundation/errors/tributary-error.ts';
import { endOfLine, endOfString } from './skip-text.ts';

/**
 * What is nested deeper than this could run the parser, the validation or the planner out of stack, all of which
 * call themselves for each level: they give up somewhere between 1,000 and 5,000. The settings under `graph.limits`
 * stay below it.
 */
const mostLevels = 500;

/** The validation follows fragments that spread each other one within the other. */
const mostDefinitions = 1_000;

/**
 * The JSON text of what was parsed from one. A parser need not call itself for each level, the way back does.
 *
 * @param what words for a message: which text it is
 * @throws DOCUMENT_TOO_NESTED
 */
export function stringifyNested(value: unknown, what: string): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw raise('DOCUMENT_TOO_NESTED', { what, limit: mostLevels }, { cause: error });
  }
}

/**
 * Refuses a GraphQL document, or the JSON text of a request, that nobody should read with a parser that calls itself.
 * It does not say whether the text is right otherwise.
 *
 * @param what words for a message: which text it is
 * @throws DOCUMENT_TOO_NESTED, DOCUMENT_TOO_LONG
 */
export function checkNesting(text: string, what: string): void {
  // Too short to open so many brackets and close them.
  if (text.length < mostLevels) return;
  let levels = 0;
  let definitions = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charAt(index)) {
      case '{':
        if (levels === 0 && ++definitions > mostDefinitions)
          throw raise('DOCUMENT_TOO_LONG', { limit: mostDefinitions });
        levels += 1;
        break;
      case '[':
      case '(':
        levels += 1;
        break;
      case '}':
      case ']':
      case ')':
        levels -= 1;
        break;
      case '"':
        index = endOfString(text, index) - 1;
        break;
      case '#':
        index = endOfLine(text, index) - 1;
    }
    if (levels > mostLevels) throw raise('DOCUMENT_TOO_NESTED', { what, limit: mostLevels });
  }
}
