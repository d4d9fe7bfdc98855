import { randomUUID } from 'node:crypto';
import type { IdentityCommand } from '../../ledger/identity-command.ts';
import { median } from '../measure/summary.ts';
import type { DataSet } from '../data-set.ts';
import { openBenchLedger, type BenchLedger } from './open-bench-ledger.ts';
import { measurePace, type Pace } from './pace.ts';
import { RawChanges } from './raw-changes.ts';

export const concurrency = 64;

/** Changes of identities through the ledger, and the same statements by hand. */
export interface ChangesResult {
  readonly creates: readonly Pace[];
  readonly mixed: readonly Pace[];
  /** Creates and changes a second by hand, in groups of as many as there are callers. */
  readonly rawCreates: readonly number[];
  readonly rawMixed: readonly number[];
}

const origin = { actor: 'bench', source: 'bench' };

/** Rounds of both, one after the other, each on a lake of its own that has seen some changes before. */
export async function measureChanges(
  { copies, customers }: DataSet,
  { rounds, changes }: { readonly rounds: number; readonly changes: number },
): Promise<ChangesResult> {
  const result = { creates: [], mixed: [], rawCreates: [], rawMixed: [] } as {
    creates: Pace[];
    mixed: Pace[];
    rawCreates: number[];
    rawMixed: number[];
  };
  const directory = await copies.next();
  const opened = await openBenchLedger(directory);
  try {
    await createSome(opened, 2_000);
    for (let round = 0; round < rounds; round++) {
      result.creates.push(await createSome(opened, changes));
      result.mixed.push(await mixSome(opened, changes / 4, customers));
    }
  } finally {
    await opened.close();
  }
  const raw = await RawChanges.open(directory);
  try {
    await raw.create(20, concurrency);
    for (let round = 0; round < rounds; round++) {
      result.rawCreates.push(await raw.create(changes / concurrency, concurrency));
      result.rawMixed.push(await raw.mix(changes / 4 / concurrency, concurrency, customers));
    }
  } finally {
    raw.close();
  }
  return result;
}

export function medianPace(paces: readonly Pace[]): Pace {
  const of = (read: (pace: Pace) => number): number => median(paces.map(read));
  return {
    count: of(({ count }) => count),
    perSecond: of(({ perSecond }) => perSecond),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    highestMs: Math.max(...paces.map(({ highestMs }) => highestMs)),
    cpuMsEach: of(({ cpuMsEach }) => cpuMsEach),
  };
}

function createSome(opened: BenchLedger, count: number): Promise<Pace> {
  const run = randomUUID().slice(0, 8);
  return measurePace(count, concurrency, (number) => submit(opened, creation(run, number)));
}

function mixSome(opened: BenchLedger, count: number, customers: number): Promise<Pace> {
  const run = randomUUID().slice(0, 8);
  return measurePace(count, concurrency, (number) =>
    submit(opened, number % 2 === 0 ? creation(run, number) : change(run, number, customers)),
  );
}

async function submit({ ledger }: BenchLedger, command: IdentityCommand): Promise<void> {
  const { status, problems } = await ledger.submit(command);
  if (status !== 'done') throw new Error(`${status}: ${JSON.stringify(problems)}`);
}

function creation(run: string, number: number): IdentityCommand {
  return {
    kind: 'create',
    entity: 'Customer',
    origin,
    idempotencyKey: `${run}-${number}`,
    fields: { name: `Customer ${number}`, email: `c${number}.${run}@mail.example` },
  };
}

function change(run: string, number: number, customers: number): IdentityCommand {
  const id = `C${String(1 + Math.floor(Math.random() * customers)).padStart(7, '0')}`;
  return {
    kind: 'update',
    entity: 'Customer',
    origin,
    key: { id },
    fields: { name: `Changed ${run} ${number}` },
  };
}
