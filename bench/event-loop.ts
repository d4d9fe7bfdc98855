import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { getIntrospectionQuery } from 'graphql';
import { startProjectUntilClosed } from '../conformance/testing/start-project.ts';

/**
 * How long requests that are within the limits hold up the event loop, and with it everybody else:
 * `npx tsx bench/event-loop.ts`. The requests are sent by a thread of its own, so that only what the server does is
 * measured. Milliseconds: the longest hold-up, of the first request and of the best one after.
 */
const repeat = (times: number, text: (n: number) => string): string =>
  Array.from({ length: times }, (_, n) => text(n)).join(' ');
const list = <Item>(length: number, item: (n: number) => Item): readonly Item[] =>
  Array.from({ length }, (_, n) => item(n));

const allFields =
  'id name email accountValue salesRep supportTier lifetimeTickets vatNumber paymentTerms invoices { id amount status }';
const filtered = 'query ($w: CustomerFilter) { customers(where: $w) { totalCount } }';
const fullField =
  'fragment F on __Field { name description args { name description type { name ofType { name } } } type { name kind } }';

type Question = readonly [
  name: string,
  query: string,
  variables?: Readonly<Record<string, unknown>>,
];

const questions: readonly Question[] = [
  ['one customer', '{ customer(id: "C0000042") { name } }'],
  ['what tools ask of the schema', getIntrospectionQuery()],
  [
    'the schema three times over',
    `{ ${repeat(5, (n) => `a${n}: __schema { types { fields { ...F } } }`)} } ${fullField}`,
  ],
  ['1,000 rows of all domains', `{ customers(first: 1000) { nodes { ${allFields} } } }`],
  [
    '1,000 rows with a computed field',
    `{ customers(first: 1000) { nodes { ${allFields} creditLimit } } }`,
  ],
  [
    '25 times 1,000 rows of all domains',
    `{ ${repeat(25, (n) => `a${n}: customers(first: 1000) { nodes { ${allFields} } }`)} }`,
  ],
  [
    '100 times 1,000 rows',
    `{ ${repeat(100, (n) => `a${n}: customers(first: 1000) { nodes { id name } }`)} }`,
  ],
  [
    'a filter of 2,000 conditions',
    filtered,
    { w: { or: list(2_000, (n) => ({ name: { eq: `nobody ${n}` } })) } },
  ],
  [
    'a filter with a list of 20,000 values',
    filtered,
    { w: { id: { in: list(20_000, (n) => `C${n}`) } } },
  ],
  ['12,000 objects that ask for nothing', filtered, { w: { and: list(12_000, () => ({})) } }],
  ['24,000 objects that ask for nothing', filtered, { w: { and: list(24_000, () => ({})) } }],
  [
    'a list of 7,000 objects in the query',
    `{ customers(orderBy: [${'{}'.repeat(7_000)}]) { totalCount } }`,
  ],
  ['1,000 aliases', `{ customer(id: "C0000042") { ${repeat(1_000, (n) => `a${n}: name`)} } }`],
  [
    '499 root fields',
    `{ ${repeat(499, (n) => `a${n}: customer(id: "C0000${n}") { name salesRep }`)} }`,
  ],
  [
    '499 root fields with a computed field',
    `{ ${repeat(499, (n) => `a${n}: customer(id: "C0000${n}") { name creditLimit }`)} }`,
  ],
  [
    'a body of 1 MB',
    'query ($id: ID!) { customer(id: $id) { id } }',
    { id: 'x'.repeat(1_000_000) },
  ],
];

const write = (line: string): void => void process.stdout.write(`${line}\n`);

/** Asks as a browser would, and throws the answer away. */
const sender = new Worker(
  `const { parentPort } = require('node:worker_threads');
   parentPort.on('message', async ({ url, body }) => {
     const headers = { 'content-type': 'application/json' };
     const response = await fetch(url, { method: 'POST', headers, body });
     const { length } = await response.arrayBuffer();
     parentPort.postMessage({ status: response.status, bytes: (length, response.headers.get('content-length')) });
   });`,
  { eval: true },
);

const directory = mkdtempSync(join(tmpdir(), 'tributary-loop-'));
const project = await startProjectUntilClosed({ dataDirectory: directory });
const url = `${project.server.url}/graphql`;

interface Held {
  readonly heldMs: number;
  readonly status: number;
}

/** Every turn of the loop is looked at, which the histogram of Node, a timer, does not: it misses what is shorter. */
function watchLoop(): () => number {
  let heldMs = 0;
  let lastMs = performance.now();
  let turn = setImmediate(look);
  function look(): void {
    const nowMs = performance.now();
    heldMs = Math.max(heldMs, nowMs - lastMs);
    lastMs = nowMs;
    turn = setImmediate(look);
  }
  return () => {
    clearImmediate(turn);
    return heldMs;
  };
}

async function hold([, query, variables = {}]: Question): Promise<Held> {
  const body = JSON.stringify({ query, variables });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stop = watchLoop();
  const answered = new Promise<{ readonly status: number }>((resolve) =>
    sender.once('message', resolve),
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  sender.postMessage({ url, body });
  const { status } = await answered;
  const heldMs = stop();
  return { heldMs, status };
}

write('| asked | status | first, ms | best after, ms |\n| --- | --- | --- | --- |');
for (const question of questions) {
  const first = await hold(question);
  const rest: Held[] = [];
  for (let times = 0; times < 4; times++) rest.push(await hold(question));
  const best = rest.reduce((least, each) => (each.heldMs < least.heldMs ? each : least));
  write(
    `| ${question[0]} | ${first.status} | ${first.heldMs.toFixed(0)} | ${best.heldMs.toFixed(0)} |`,
  );
}
await sender.terminate();
await project.server.close();
rmSync(directory, { recursive: true });
