import { Kind, parse, validate } from 'graphql';
import { ApolloGateway } from '@apollo/gateway';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../foundation/clock.ts';
import { configSchema } from '../foundation/config/schema.ts';
import { TributaryError } from '../foundation/errors/tributary-error.ts';
import { CallerBudgets } from '../gateway/limits/caller-budgets.ts';
import { createQueryCheck } from '../gateway/limits/check-query.ts';
import { noCostDirectives } from '../gateway/limits/cost/cost-directives.ts';
import { nothingKnown } from '../gateway/limits/cost/list-sizes.ts';
import { createLimits } from '../gateway/limits/limits.ts';

/**
 * What it costs to refuse documents of bad will, and what the worst ones within the limits cost in validation:
 * `npx tsx bench/limits.ts`. Milliseconds of the fastest of a few rounds, and of the first.
 */
const repeat = (times: number, text: (n: number) => string): string =>
  Array.from({ length: times }, (_, n) => text(n)).join(' ');
const nodes = (inner: string): string => `{ customers { nodes { ${inner} } } }`;
const chain = (levels: number, body: (next: string) => string, last: string): string =>
  `${repeat(levels, (n) => `fragment F${n} on Customer { ${body(`F${n + 1}`)} }`)} fragment F${levels} on Customer { ${last} }`;

const attacks: Readonly<Record<string, string>> = {
  'selection sets in 250,000 levels': '{a'.repeat(250_000) + '}'.repeat(250_000),
  'selection sets in 400 levels': '{a'.repeat(400) + '}'.repeat(400),
  '100,000 aliases': `{ ${repeat(100_000, (n) => `a${n}:id`)} }`,
  '4,000 aliases': nodes(repeat(4_000, (n) => `a${n}:id`)),
  'a fragment bomb of 2^900': `${nodes('...F0')} ${chain(900, (next) => `...${next} ...${next}`, 'id')}`,
  'a fragment bomb of 10^400 fields': `${nodes('...F0')} ${chain(400, (next) => `invoices{customer{${`...${next} `.repeat(10)}}}`, 'id')}`,
  'fragments in a circle': `${nodes('...F0')} ${chain(400, (next) => `...${next}`, '...F0')}`,
  'a string of 1,000,000 characters': `{ customer(id: "${'x'.repeat(1_000_000)}") { ${repeat(501, (n) => `a${n}: id @include(if: true)`)} } }`,
  'a comment of 1,000,000 characters': `#${'x'.repeat(1_000_000)}\n{ ${repeat(1_001, (n) => `a${n}: id`)} }`,
  'a list of 400,000 numbers': `{ customers(where: { lifetimeTickets: { in: [${'1 '.repeat(400_000)}] } }) { totalCount } }`,
  '900 operations': repeat(900, (n) => `query Q${n} { __typename }`),
  '500 operations over one large fragment': `${repeat(500, (n) => `query Q${n} ($v: Int) { ...F }`)} fragment F on Query { ${repeat(500, (n) => `a${n}: customers(first: $v) { totalCount }`)} }`,
  '14,000 times one field': nodes('id '.repeat(14_000)),
  '3,000 directives': nodes(`id ${'@include(if: true) '.repeat(2_000)}`),
};

/** Right at the limits, so that they are parsed, checked, validated and, most of them, refused only then. */
const worst: Readonly<Record<string, string>> = {
  '300 fields under one name': nodes('id '.repeat(300)),
  '1,000 aliases': nodes(repeat(1_000, (n) => `a${n}:id`)),
  '125 lists of objects under one name': nodes(
    'invoices { id amount customer { id name } } '.repeat(125),
  ),
  '60 fields under one name, with 200 values each': nodes(
    `invoices(where: { id: { in: [${'"1" '.repeat(200)}] } }) { id } `.repeat(60),
  ),
  '60 fragments under each other': `${nodes('...F0')} ${chain(60, (next) => `id name ...${next}`, 'id')}`,
  '140 fragments beside each other': `${nodes(repeat(140, (n) => `...G${n}`))} ${repeat(140, (n) => `fragment G${n} on Customer { id name a${n}: salesRep }`)}`,
  'one list of 14,900 values': `{ customers(where: { id: { in: [${'"1" '.repeat(14_900)}] } }) { totalCount } }`,
  '50 operations with 40 variables and one fragment': `${repeat(50, (n) => `query Q${n} (${repeat(40, (v) => `$v${v}: Int`)}) { ...F }`)} fragment F on Query { ${repeat(90, (n) => `a${n}: customers(first: $v${n % 40}) { totalCount }`)} }`,
  '700 unknown fields': nodes(repeat(700, (n) => `unknownField${n}`)),
};

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const settings = configSchema.parse({}).graph.limits;
const makeLimits = () =>
  createLimits({
    settings,
    directives: noCostDirectives,
    known: nothingKnown,
    budgets: new CallerBudgets({ ...settings, clock: systemClock }),
  });

function measure(run: () => string): {
  readonly bestMs: number;
  readonly firstMs: number;
  readonly said: string;
} {
  const times: number[] = [];
  let said = '';
  for (let round = 0; round < 7; round++) {
    const startedMs = performance.now();
    said = run();
    times.push(performance.now() - startedMs);
  }
  return { bestMs: Math.min(...times), firstMs: times[0] ?? 0, said };
}

function print(name: string, { bestMs, firstMs, said }: ReturnType<typeof measure>): void {
  write(`| ${name} | ${bestMs.toFixed(2)} | ${firstMs.toFixed(2)} | ${said} |`);
}

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(join(import.meta.dirname, '../supergraph.graphql'), 'utf8'),
  logger: { debug() {}, info() {}, warn() {}, error() {} },
});
const { schema } = await gateway.load();

write('| refused | best, ms | first, ms | with |\n| --- | --- | --- | --- |');
for (const [name, text] of Object.entries(attacks)) {
  const outcome = measure(() => {
    try {
      createQueryCheck(makeLimits())(text);
      return 'nothing: left to validation';
    } catch (error) {
      return error instanceof TributaryError ? error.code : String(error);
    }
  });
  print(name, outcome);
}
write(
  '\n| within the limits | best, ms | first, ms | parsed and validated |\n| --- | --- | --- | --- |',
);
for (const [name, text] of Object.entries(worst)) {
  createQueryCheck(makeLimits())(text);
  print(
    name,
    measure(() => {
      const [error] = validate(schema, parse(text, { maxTokens: settings.tokens }));
      return error?.message.slice(0, 60) ?? 'valid';
    }),
  );
}
const page = parse(
  'query ($n: Int) { customers(first: $n) { totalCount nodes { name invoices(first: $n) { id customer { name } } } pageInfo { endCursor } } }',
);
const [operation] = page.definitions;
if (operation?.kind === Kind.OPERATION_DEFINITION) {
  const limits = makeLimits();
  const compiled = limits.compile(page, operation, schema);
  const admission = {
    operation: compiled,
    caller: { kind: 'anonymous' as const },
    clientAddress: '127.0.0.1',
  };
  const rounds = 200_000;
  for (let warm = 0; warm < 2; warm++) {
    const startedMs = performance.now();
    for (let n = 0; n < rounds; n++) limits.admit({ ...admission, variables: { n: n % 50 } });
    const micros = ((performance.now() - startedMs) / rounds) * 1_000;
    if (warm === 1) write(`\nAdmitting a known operation by its cost: ${micros.toFixed(2)} µs`);
  }
}
await gateway.stop();
