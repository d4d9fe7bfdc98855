import type { ExplainedOperation, ExplainedStatement } from '../gateway/answer/explanation.ts';

/** How an operation was answered, for a person at a terminal: the plan, then a tree of who was asked and by which SQL. */
export function explanationText({ plan, fetches, statements }: ExplainedOperation): string {
  const subgraphs = [...new Set(fetches.map(({ subgraph }) => subgraph))];
  const trees = subgraphs.map((subgraph) => {
    const times = fetches.filter((fetch) => fetch.subgraph === subgraph).map(({ ms }) => ms);
    const own = statements.filter((statement) => statement.subgraph === subgraph);
    const asked = times.length === 1 ? '' : ` in ${times.length} fetches`;
    return [
      `${subgraph}: ${formatMs(times.reduce((sum, ms) => sum + ms, 0))}${asked}`,
      ...own.flatMap((statement, index) => branch(statement, index === own.length - 1)),
    ].join('\n');
  });
  return `${[planText(plan), ...trees].join('\n\n')}\n`;
}

function planText(plan: string | null): string {
  switch (plan) {
    case null:
      return 'Nothing was planned.';
    case 'hub':
      return 'Plan: the hub answers the operation as it is.';
    default:
      return plan;
  }
}

function branch(statement: ExplainedStatement, isLast: boolean): readonly string[] {
  const { ms, waitedMs, lane, rowsReturned, rowsRead, values } = statement;
  const facts = [
    `${formatMs(ms)}, waited ${formatMs(waitedMs)} in lane ${lane}`,
    rowsReturned === null ? 'no answer' : `${count(rowsReturned, 'row')} returned`,
    ...(rowsRead === null ? [] : [`${rowsRead} read`]),
    ...(values === 0 ? [] : [`${count(values, 'value')} bound`]),
  ].join('; ');
  const [first, rest] = isLast ? ['└─ ', '   '] : ['├─ ', '│  '];
  return [first + facts, ...clausesOf(statement.sql).map((clause) => rest + clause)];
}

const clauseStart = /^(FROM|LEFT JOIN|JOIN|WHERE|GROUP BY|HAVING|QUALIFY|ORDER BY|LIMIT|OFFSET)\b/;

/** The SQL with a line for each clause; what stands in parentheses or quotes stays together. */
function clausesOf(sql: string): readonly string[] {
  const clauses: string[] = [];
  let start = 0;
  let parentheses = 0;
  let quote: string | undefined;
  for (let index = 0; index < sql.length; index++) {
    const character = sql.charAt(index);
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '(') parentheses += 1;
    else if (character === ')') parentheses -= 1;
    else if (parentheses === 0 && character === ' ') {
      const [keyword] = clauseStart.exec(sql.slice(index + 1)) ?? [];
      if (keyword === undefined) continue;
      clauses.push(sql.slice(start, index));
      start = index + 1;
      index += keyword.length;
    }
  }
  return [...clauses, sql.slice(start)].map((clause) => clause.trim()).filter(Boolean);
}

function formatMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(1)} ms`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
