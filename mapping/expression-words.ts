/** The functions of an expression, and how many arguments each takes at least and at most. */
const functions = {
  coalesce: [1, Infinity],
  nullif: [2, 2],
  lower: [1, 1],
  upper: [1, 1],
  trim: [1, 1],
  concat: [1, Infinity],
} as const;

const keywords: ReadonlySet<string> = new Set(
  'case when then else end cast as null true false'.split(' '),
);

export type FunctionName = keyof typeof functions;
export type AggregateName = (typeof aggregateNames)[number];

export const functionNames: readonly string[] = Object.keys(functions);
export const aggregateNames = ['sum', 'count', 'min', 'max', 'avg'] as const;

/** @param word in lower case, as in all of these */
export function isFunction(word: string): word is FunctionName {
  return Object.hasOwn(functions, word);
}

export function isKeyword(word: string): boolean {
  return keywords.has(word);
}

export function findAggregate(word: string): AggregateName | undefined {
  return aggregateNames.find((known) => known === word);
}

/** What is wrong with this number of arguments; undefined when nothing is. */
export function wrongCount(name: FunctionName, count: number): string | undefined {
  const [least, most] = functions[name];
  if (count >= least && count <= most) return undefined;
  return `${name}() takes ${most} argument${most === 1 ? '' : 's'}, not ${count}`;
}
