import { checkAnswers } from './check-answers.ts';
import type { Contender } from './contenders.ts';
import type { DataSet } from './data-set.ts';
import { runLoad, type LoadResult } from './measure/run-load.ts';
import { medianResult } from './measure/summary.ts';
import { questionIds, questions, type QuestionId } from './questions.ts';
import type { ServerProcess } from './server-process.ts';

export interface CompareOptions {
  readonly contenders: readonly Contender[];
  readonly rounds: number;
  /** How long each contender is under load for one question, in each round. */
  readonly secondsEach: number;
  readonly say: (line: string) => void;
}

/** The medians of one contender for one question at one concurrency. */
export interface Measurement {
  readonly contender: string;
  readonly question: QuestionId;
  readonly concurrency: number;
  readonly result: LoadResult;
}

/**
 * Before anything is measured, each contender is asked each question until its compilers have seen it often enough. The
 * slow ones take longest for that: vanilla needs half the CPU for its 5,000th request that it needs for its first.
 */
export const warmUp = { requests: 2_000, longestMs: 15_000, concurrency: 16 } as const;

interface Running {
  readonly contender: Contender;
  readonly processes: readonly ServerProcess[];
}

/**
 * Puts all contenders under the same load, one after the other and round after round, so that whatever else happens
 * on the machine meets all of them. All stay up throughout: those that are not asked are idle.
 */
export async function compare(
  dataSet: DataSet,
  options: CompareOptions,
): Promise<readonly Measurement[]> {
  const running: Running[] = [];
  try {
    for (const contender of options.contenders) {
      options.say(`starting ${contender.name}`);
      running.push({ contender, processes: await contender.start(dataSet.copies) });
    }
    await checkAnswers(
      running.map(({ contender, processes }) => ({ contender, port: portOf(processes) })),
      dataSet.customers,
    );
    for (const one of running) {
      options.say(`warming up ${one.contender.name}`);
      await warm(one, dataSet.customers);
    }
    return await runRounds(running, dataSet.customers, options);
  } finally {
    await Promise.all(running.flatMap(({ processes }) => processes).map(({ stop }) => stop()));
  }
}

async function runRounds(
  running: readonly Running[],
  customers: number,
  { rounds, secondsEach, say }: CompareOptions,
): Promise<readonly Measurement[]> {
  const results = new Map<string, Measurement & { readonly rounds: LoadResult[] }>();
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    for (const question of questionIds) {
      for (const concurrency of questions[question].concurrencies) {
        for (const { contender, processes } of running) {
          const nextBody = bodiesOf(contender, question, { customers, round });
          if (nextBody === undefined) continue;
          const result = await runLoad({
            port: portOf(processes),
            path: contender.path,
            nextBody,
            concurrency,
            durationMs: secondsEach * 1000,
            pids: processes.flatMap(({ pid, isFree }) => (isFree === true ? [] : pid)),
          });
          const id = `${contender.name} ${question} ${concurrency}`;
          const known = results.get(id);
          if (known !== undefined) known.rounds.push(result);
          else {
            const of = { contender: contender.name, question, concurrency };
            results.set(id, { ...of, result, rounds: [result] });
          }
        }
      }
    }
  }
  return [...results.values()].map((measurement) => ({
    ...measurement,
    result: medianResult(measurement.rounds),
  }));
}

async function warm({ contender, processes }: Running, customers: number): Promise<void> {
  const { requests, longestMs, concurrency } = warmUp;
  for (const question of questionIds) {
    const nextBody = bodiesOf(contender, question, { customers, round: 0 });
    if (nextBody === undefined) continue;
    const endMs = performance.now() + longestMs;
    for (let count = 0; count < requests && performance.now() < endMs;) {
      const { requestCount } = await runLoad({
        port: portOf(processes),
        path: contender.path,
        nextBody,
        concurrency,
        durationMs: 1_000,
        pids: [],
      });
      count += requestCount;
    }
  }
}

/** Bodies that ask a contender a question, drawn anew for each round; undefined where it has no answer to it. */
function bodiesOf(
  contender: Contender,
  question: QuestionId,
  { customers, round }: { readonly customers: number; readonly round: number },
): (() => string) | undefined {
  const bodyOf = contender.bodies[question];
  if (bodyOf === undefined) return undefined;
  const { customersAfter, numbers = customers } = questions[question];
  const draw = drawNumbers(round, Math.min(numbers - 1, customers - customersAfter));
  return () => bodyOf(draw());
}

function portOf(processes: readonly ServerProcess[]): number {
  return processes[0]?.port ?? 0;
}

/** Numbers from 0 to `limit`, spread evenly, the same ones for every contender of a round (a Lehmer generator). */
function drawNumbers(round: number, limit: number): () => number {
  const modulus = 2_147_483_647;
  let state = 48_271 * (round + 1);
  return () => {
    state = (state * 48_271) % modulus;
    return state % (limit + 1);
  };
}
