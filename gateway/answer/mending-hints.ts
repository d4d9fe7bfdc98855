/**
 * Hints for mistakes that people make when they ask by derived inputs. GraphQL's own messages name the type that was
 * expected; what that looks like stands here. The first pattern that fits tells it.
 */
const hints: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [
    /cannot represent non-enum value: "(\w+)"\. Did you mean the enum value "\1"/,
    ([, name = '']) => `A value of an enum is written without quotes: ${name}.`,
  ],
  [
    /^Validation aborted\.$/,
    () =>
      'The same names are selected in so many places at once that comparing all of them was given up: ' +
      'select each field once, or under fewer fragments.',
  ],
  [
    /Expected value of type "(\w+)Range!?", found/,
    () => 'Both ends are named: { from: …, to: … }.',
  ],
  [
    /Expected value of type "(\w+)Condition", found ("[^"]*"|[^".{}]+)/,
    ([, , value = '…']) => `A condition names an operator: { eq: ${value.trim().slice(0, 40)} }.`,
  ],
  [
    /Expected value of type "\[?(\w+)GroupBy!?\]?", found (\w+)/,
    ([, , field = 'name']) => `Each thing to group by is an object: [{ field: ${field} }].`,
  ],
  [
    /Expected value of type "\[?(\w+)Order\]?", found (\w+)/,
    ([, , field = 'name']) => `Each thing to sort by is an object: [{ ${field}: ASC }].`,
  ],
  [
    /Expected value of type "(\w+)Search", found ("[^"]*")/,
    ([, , text = '"…"']) => `What to search for is an object: { text: ${text} }.`,
  ],
  [
    /Field "(\w+)" is not defined by type "(\w+)ListFilter"/,
    ([, field = '']) =>
      `Say which of the related rows: { some: { ${field}: … } }, or every, none, count, having.`,
  ],
  [
    /Cannot query field "(\w+)" on type "(\w+)Connection"/,
    ([, field = '']) => `The rows of a page are its nodes: { nodes { ${field} } }.`,
  ],
  [
    /Cannot query field "(\w+)" on type "(\w+)Aggregate"/,
    ([, field = '']) =>
      `What is grouped by stands in keys { ${field} }, figures in sum, avg, min, max, …`,
  ],
  [
    /Variable "\$(\w+)" of type "([^"]+)" used in position expecting type "([^"]+)"/,
    ([, name = '', , type = '']) => `Declare the variable as $${name}: ${type}.`,
  ],
];

/** How to mend what a message of GraphQL is about; undefined where nothing better is known than the general hint. */
export function mendingHint(message: string): string | undefined {
  for (const [pattern, hint] of hints) {
    const match = pattern.exec(message);
    if (match !== null) return hint(match);
  }
  return undefined;
}
