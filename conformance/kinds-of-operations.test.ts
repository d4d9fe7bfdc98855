import { expect, it } from 'vitest';
import { startProject } from './testing/start-project.ts';

it('a graph that only reads says so to whoever wants to write or to subscribe', async () => {
  const { ask } = await startProject();
  for (const [kind, message] of [
    ['mutation', 'The schema has no mutations.'],
    ['subscription', 'The schema has no subscriptions.'],
  ]) {
    expect(await ask(`${kind} { customer(id: "C0000042") { id } }`)).toMatchObject({
      status: 400,
      errors: [
        {
          message,
          locations: [{ line: 1, column: 1 }],
          extensions: { code: 'GRAPHQL_VALIDATION_FAILED', hint: expect.any(String) },
        },
      ],
    });
  }
});
