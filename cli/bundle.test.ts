import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const chunks = join(import.meta.dirname, '../dist/chunks');
const text = readdirSync(chunks)
  .map((name) => readFileSync(join(chunks, name), 'utf8'))
  .join('\n');

it('leaves out what reports to Apollo, and what looks up in which cloud it runs', () => {
  // A comment of the bundle names each file that it holds.
  expect(text.includes('// node_modules/@apollo/gateway/')).toBe(true);
  for (const part of ['resource-detector-', 'exporter-metrics-', 'sdk-metrics/']) {
    expect(text.includes(`// node_modules/@opentelemetry/${part}`), part).toBe(false);
  }
});

it('shares with resolvers what has to be the same for both', () => {
  expect(text.includes('from "graphql"')).toBe(true);
  expect(text.includes('// node_modules/graphql/')).toBe(false);
});
