import { isDeepStrictEqual } from 'node:util';
import type { Contender } from './contenders.ts';
import { HttpConnection } from './measure/http-connection.ts';
import { questionTitles, type QuestionId } from './questions.ts';

/** Refuses to compare contenders that do not answer the same: each has to give the customers that the first one gives. */
export async function checkAnswers(
  asked: readonly { readonly contender: Contender; readonly port: number }[],
  numbers: readonly number[],
): Promise<void> {
  for (const question of Object.keys(questionTitles) as QuestionId[]) {
    for (const after of numbers) {
      let expected: readonly unknown[] | undefined;
      for (const { contender, port } of asked) {
        const body = contender.bodies[question]?.(after);
        if (body === undefined || contender.name === 'constant') continue;
        const customers = await askCustomers(port, contender.path, body);
        expected ??= customers;
        if (!isDeepStrictEqual(customers, expected)) {
          throw new Error(
            `${contender.name} answers the ${question} after ${after} differently:\n${JSON.stringify(customers)}\n${JSON.stringify(expected)}`,
          );
        }
      }
    }
  }
}

async function askCustomers(port: number, path: string, body: string): Promise<readonly unknown[]> {
  const connection = await HttpConnection.open(port);
  const answer = await connection.ask(path, body);
  connection.close();
  const customers = findCustomers(JSON.parse(answer.body));
  if (customers.length === 0) throw new Error(`No customers in ${answer.body.slice(0, 500)}`);
  return customers;
}

/** All objects with an id, in their order, wherever they stand, with times in one notation. */
function findCustomers(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!('id' in value)) return Object.values(value).flatMap(findCustomers);
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    name.endsWith('At') ? Date.parse(String(item)) : item,
  ]);
  return [Object.fromEntries(entries)];
}
