import { checkSeed } from './check-seed.ts';

/** By hand, over many more seeds than the test: `npx tsx conformance/federation/random/try-seeds.ts 1-1000`, `... 1-1000 contexts`. */
const [from = 1, to = from] = (process.argv[2] ?? '1-100').split('-').map(Number);
const hasContexts = process.argv[3] === 'contexts';
const counts = new Map<string, number>();
for (let seed = from; seed <= to; seed += 1) {
  const outcome = await checkSeed(seed, 6, { hasContexts }).catch((error: unknown) => {
    return { kind: 'wrong', report: `Seed ${seed}\n\n${String(error)}` } as const;
  });
  counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
  if (outcome.kind === 'wrong') process.stdout.write(`${outcome.report}\n\n`);
  if (outcome.kind === 'refused') process.stdout.write(`Seed ${seed}: ${outcome.codes.join()}\n`);
}
process.stdout.write(`${[...counts].map(([kind, count]) => `${kind}: ${count}`).join(', ')}\n`);
