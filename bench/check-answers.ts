import { isDeepStrictEqual } from 'node:util';
import { constantName, type Contender } from './contenders.ts';
import { HttpConnection } from './measure/http-connection.ts';
import { questionIds, questions, type QuestionId } from './questions.ts';

interface Asked {
  readonly contender: Contender;
  readonly port: number;
}

/**
 * Refuses to compare contenders that do not answer the same. Each has to give the customers, or groups of them, that
 * the first one gives; those that write answers in our form have to give the very same answer.
 */
export async function checkAnswers(asked: readonly Asked[], customers: number): Promise<void> {
  for (const question of questionIds) {
    const { customersAfter, numbers = customers } = questions[question];
    const last = Math.min(numbers - 1, customers - customersAfter);
    for (const number of [0, 41, last]) await checkOne(question, number, asked);
  }
}

async function checkOne(
  question: QuestionId,
  number: number,
  asked: readonly Asked[],
): Promise<void> {
  let expected: { readonly answer: unknown; readonly items: readonly unknown[] } | undefined;
  for (const { contender, port } of asked) {
    const body = contender.bodies[question]?.(number);
    if (body === undefined || contender.name === constantName) continue;
    const answer = await ask(port, contender.path, body);
    const items = findItems(answer);
    expected ??= { answer, items };
    const [is, shouldBe] = contender.hasOurForm
      ? [answer, expected.answer]
      : [items, expected.items];
    if (!isDeepStrictEqual(is, shouldBe)) {
      throw new Error(
        `${contender.name} answers the question ${question} for ${number} differently:\n${excerpt(is)}\n${excerpt(shouldBe)}`,
      );
    }
    if (items.length === 0) throw new Error(`Nothing in ${excerpt(answer)}`);
  }
}

async function ask(port: number, path: string, body: string): Promise<unknown> {
  const connection = await HttpConnection.open(port);
  const answer = await connection.ask(path, body);
  connection.close();
  return JSON.parse(answer.body);
}

/** All objects with an id and all groups, in their order, wherever they stand, with times in one notation. */
function findItems(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Object.hasOwn(value, 'id') && !Object.hasOwn(value, 'keys'))
    return Object.values(value).flatMap(findItems);
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    name.endsWith('At') ? Date.parse(String(item)) : item,
  ]);
  return [Object.fromEntries(entries)];
}

function excerpt(value: unknown): string {
  return JSON.stringify(value).slice(0, 5_000);
}
