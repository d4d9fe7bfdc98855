import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { testPlanner, type TestPlan } from '../hub/testing/query-plan.ts';
import { readableSql } from './testing/readable-sql.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

/**
 * Golden queries: every `.graphql` file of `golden/` is asked of a whole server over the committed seed data; its plan,
 * the SQL and the answer stand beside it, and were reviewed. A new file is a new test: `npx vitest run
 * conformance/golden.test.ts --update` writes what belongs to it. A line `# variables: {…}` gives values. Whatever no
 * domain computes is answered by the hub alone.
 */
const folder = join(import.meta.dirname, 'golden');
const files = readdirSync(folder).toSorted();
const queries = files.filter((file) => file.endsWith('.graphql'));

/** What code computes in the domains of the example. */
const computed = /\bcreditLimit\b/;

describe('golden queries', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  let plan: (query: string) => TestPlan;
  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
    plan = testPlanner(project.server.supergraphSdl());
  });
  afterAll(() => project.server.close());

  it.each(queries)('%s', async (file) => {
    const query = readFileSync(join(folder, file), 'utf8');
    const [, variables = '{}'] = /^# variables: (.*)$/m.exec(query) ?? [];
    project.statements.length = 0;
    const given = JSON.parse(variables) as Readonly<Record<string, unknown>>;
    const { status, ...answer } = await project.ask(query, given);
    const planned = plan(query);
    if (!computed.test(query)) expect(new Set(planned.fetches)).toEqual(new Set(['_hub']));
    const text = [
      ['Plan', 'graphql', planned.text],
      // Statements of one level run at once and in no order.
      ['SQL', 'sql', project.statements.toSorted().map(sqlText).join('\n\n') || '-- none'],
      [`Answer (${status})`, 'json', JSON.stringify(answer, undefined, 2)],
    ]
      .map(([title, language, code]) => `## ${title}\n\n\`\`\`${language}\n${code}\n\`\`\`\n`)
      .join('\n');
    await expect(text).toMatchFileSnapshot(join(folder, file.replace(/graphql$/, 'md')));
  });

  it('are at least eighty, and nothing else has an answer', () => {
    expect(queries.length).toBeGreaterThanOrEqual(80);
    const expected = queries.map((file) => file.replace(/graphql$/, 'md'));
    const others = files.filter((file) => !queries.includes(file) && !expected.includes(file));
    expect(others).toEqual([]);
  });
});

/** The statement below a line that says how many values travel beside it: they are numbered from 1. */
function sqlText(statement: string): string {
  const numbers = statement.matchAll(/\$(\d+)/g);
  const count = Math.max(0, ...Array.from(numbers, ([, number]) => Number(number)));
  return `-- ${count === 1 ? '1 value' : `${count} values`}\n${readableSql(statement)}`;
}
