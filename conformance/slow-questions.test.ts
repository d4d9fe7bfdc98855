import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startSlowProject, type SlowProject } from './testing/start-slow-project.ts';

/** One that the hub is handed as it is, and one that is planned since a domain computes a part of the answer. */
const slowQuestions = [
  ['the hub answers whole', '{ invoices(first: 1) { totalCount } }'],
  ['is planned', '{ invoices(first: 1) { totalCount } customer(id: "C0000042") { creditLimit } }'],
] as const;

const point = '{ customer(id: "C0000042") { supportTier } }';
const pointAnswer = { status: 200, data: { customer: { supportTier: 'SILVER' } } };
const scan = '{ customers(first: 1) { totalCount } }';
const scanAnswer = { status: 200, data: { customers: { totalCount: 1000 } } };

describe.each(slowQuestions)('a slow question that %s', (_, question) => {
  it('is stopped when its client hangs up, and its connection answers the next one', async () => {
    const project = await startSlowProject('Invoice');
    for (let round = 0; round < 2; round++) {
      const before = slowStatements(project).length;
      const client = new AbortController();
      const asked = Array.from({ length: project.scanConnections }, () =>
        project.ask(question, client.signal).catch((error: unknown) => error),
      );
      await until(() => slowStatements(project).length === before + project.scanConnections);
      client.abort();
      for (const outcome of await Promise.all(asked)) expect(outcome).toBeInstanceOf(Error);
      expect(await project.ask(scan)).toEqual(scanAnswer);
    }
  });

  it('is stopped when its time is up, says so, and its connection answers the next one', async () => {
    const project = await startSlowProject('Invoice', { limits: { timeoutMs: 400 } });
    const asked = Array.from({ length: 2 * project.scanConnections }, () => project.ask(question));
    for (const { status, errors } of await Promise.all(asked)) {
      expect({ status, errors }).toMatchObject({
        status: 200,
        errors: [
          {
            path: ['invoices'],
            message: 'The question took longer than 400 ms and was stopped.',
            extensions: { code: 'LAKE_TIMEOUT', hint: expect.stringContaining('Ask for less') },
          },
        ],
      });
    }
    expect(await project.ask(scan)).toEqual(scanAnswer);
  });
});

describe('more slow questions than there are connections for them', () => {
  it('leave points by key answered, wait in our own queue, and are given up there', async () => {
    const project = await startSlowProject('Invoice');
    const client = new AbortController();
    const ended: string[] = [];
    const [[, question]] = slowQuestions;
    const slow = Array.from({ length: 4 * project.scanConnections }, async () => {
      await project.ask(question, client.signal).catch(() => undefined);
      ended.push('slow');
    });
    await until(() => slowStatements(project).length === project.scanConnections);
    const points = Array.from({ length: 50 }, async () => {
      expect(await project.ask(point)).toEqual(pointAnswer);
      ended.push('point');
    });
    await Promise.all(points);
    expect(ended).toEqual(Array<string>(50).fill('point'));
    // A scan that came behind all of them gets its turn as soon as they are given up.
    const later = project.ask(scan);
    await sleep(50);
    client.abort();
    await Promise.all(slow);
    expect(await later).toEqual(scanAnswer);
    expect(slowStatements(project)).toHaveLength(project.scanConnections);
  });
});

/** Statements on the entity that never ends. */
function slowStatements({ statements }: SlowProject): readonly string[] {
  return statements.filter((text) => text.includes('"hub"."invoice_'));
}

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await sleep(5);
}
