import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { startCollectorUntilClosed, type ReceivedSpan } from './testing/otlp-collector.ts';
import { ProjectFolder } from './testing/project-folder.ts';
import { reviewsSchema, startReviews } from './testing/reviews-subgraph.ts';
import { scrape, type Scrape } from './testing/scrape.ts';
import { repositoryDirectory, startProjectUntilClosed } from './testing/start-project.ts';

const folder = sharedTempFolder();
const read = (path: string): string => readFileSync(join(repositoryDirectory, path), 'utf8');

/** What a server says of itself after some of everything was asked of it. */
interface Seen {
  readonly scrape: Scrape;
  readonly text: string;
  readonly spans: readonly ReceivedSpan[];
}

let seen: Seen;
beforeAll(async () => {
  seen = await doSomeOfEverything();
}, 60_000);

async function doSomeOfEverything(): Promise<Seen> {
  const reviews = await startReviews();
  const collector = await startCollectorUntilClosed();
  const deaf = createServer((_, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  const files = ProjectFolder.copyOfRepository(join(folder, 'project'));
  files.addSubgraph('reviews', reviewsSchema, reviews.url);
  const { server } = await startProjectUntilClosed({
    projectDirectory: files.directory,
    dataDirectory: join(folder, 'data'),
    environment: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    flags: {
      graph: { limits: { cost: 2_000 } },
      telemetry: { traces: true, endpoint: collector.endpoint },
    },
  });
  const { url } = server;
  const ask = (query: string) => askGraph(`${url}/graphql`, query);
  const { port } = deaf.address() as AddressInfo;
  await ask(
    `mutation { createSubscriber(input: { name: "CRM", url: "http://127.0.0.1:${port}/", includesOwn: true }) { problems { code } } }`,
  );
  await ask(
    'mutation { createCustomer(input: { name: "A", email: "a@b.example" }) { errors { code } } }',
  );
  await fetch(`${url}/sync/sales`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{"id":"C0000001","sales_rep":"Ada","updated_at":"2026-01-01T00:00:00Z"}\n',
  });
  for (let n = 0; n < 3; n++) await ask('{ customer(id: "C0000042") { name } }');
  await ask(
    '{ customers(first: 2, orderBy: [{ name: ASC }]) { nodes { name creditLimit rating } } }',
  );
  await ask('{ customers(first: 10000) { nodes { invoices(first: 1000) { id } } } }');
  await server.reload();
  await vi.waitUntil(async () => (await scrape(url)).sum('tributary_event_lag_seconds') > 0);
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = await scrape(url);
  await server.close();
  deaf.closeAllConnections();
  deaf.close();
  await reviews.close();
  await collector.close();
  return { scrape: found, text, spans: collector.spans };
}

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
}

interface FieldConfig {
  readonly defaults: { readonly unit: string };
  readonly overrides: readonly {
    readonly matcher: { readonly options: string };
    readonly properties: readonly { readonly id: string; readonly value: unknown }[];
  }[];
}

const isOurs = (name: string): boolean => /^(tributary|http)_/.test(name);

describe('docs/grafana-dashboard.json', () => {
  const dashboard = JSON.parse(read('docs/grafana-dashboard.json')) as {
    readonly uid: string;
    readonly templating: { readonly list: readonly { readonly name: string }[] };
    readonly panels: readonly {
      readonly id: number;
      readonly type: string;
      readonly title: string;
      readonly description?: string;
      readonly datasource?: { readonly uid: string };
      readonly fieldConfig?: FieldConfig;
      readonly targets?: readonly Target[];
    }[];
  };
  const charts = dashboard.panels.filter(({ type }) => type !== 'row');
  const expressions = charts.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const named = new Set(
    expressions.flatMap((expr) => [...expr.matchAll(/([a-z]\w*)\{/g)].map(([, name = '']) => name)),
  );

  it('asks for nothing that /metrics does not give', () => {
    const series = new Set([...seen.scrape.values.keys()].map((key) => key.replace(/\{.*/s, '')));
    expect([...named].filter((name) => !series.has(name))).toEqual([]);
  });

  it('asks for labels that its metrics have', () => {
    for (const expr of expressions) {
      const [, labels = ''] = /\bby \(([^)]*)\)/.exec(expr) ?? [];
      const [, name = ''] = /([a-z]\w*)\{/.exec(expr) ?? [];
      const series = [...seen.scrape.values.keys()].filter((key) => key.startsWith(`${name}{`));
      for (const label of labels.split(', ').filter((wanted) => wanted !== '')) {
        expect(
          series.some((key) => key.includes(`${label}=`)),
          `${label} of ${name}`,
        ).toBe(true);
      }
    }
  });

  it('shows everything that /metrics gives of the product', () => {
    const shown = [...named].map((name) => name.replace(/_(bucket|sum|count)$/, ''));
    expect([...seen.scrape.names].filter((name) => isOurs(name) && !shown.includes(name))).toEqual(
      [],
    );
  });

  it('measures how fast something grows by what fits its kind', () => {
    const kinds = new Map(
      [...seen.text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = '', kind]) => [name, kind]),
    );
    for (const expr of expressions) {
      for (const [, how = '', series = ''] of expr.matchAll(/\b(rate|increase|deriv)\((\w+)/g)) {
        const kind = kinds.get(series) ?? kinds.get(series.replace(/_(bucket|sum|count)$/, ''));
        expect(kind === 'gauge', expr).toBe(how === 'deriv');
      }
    }
  });

  it('shows no count as a time', () => {
    for (const { title, fieldConfig, targets = [] } of charts) {
      for (const { refId, expr } of targets.filter((target) => target.expr.includes('increase('))) {
        const own = fieldConfig?.overrides.find(({ matcher }) => matcher.options === refId);
        const unit = own?.properties.find(({ id }) => id === 'unit')?.value;
        expect(unit ?? fieldConfig?.defaults.unit, `${title}: ${expr}`).toBe('short');
      }
    }
  });

  it('says of each panel what it shows, and of each line of one server of which', () => {
    const together = /\b(sum|max|topk|histogram_quantile)\b/;
    for (const { title, description, targets = [] } of charts) {
      expect(description, title).toMatch(/^[A-Z0-9a-z].{10,}\.$/);
      for (const { expr, legendFormat } of targets.filter(({ expr }) => !together.test(expr))) {
        expect(legendFormat, expr).toContain('{{instance}}');
      }
    }
  });

  it('can be imported: its data source is chosen there, and each panel has a unit and a place', () => {
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'instance']);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { title, datasource, fieldConfig } of charts) {
      expect([title, datasource?.uid]).toEqual([title, '${datasource}']);
      expect(fieldConfig?.defaults.unit, title).toMatch(/^\w+$/);
    }
  });
});

describe('docs/telemetry.md', () => {
  const document = read('docs/telemetry.md');

  it('has every metric, with its kind, its labels and its meaning', () => {
    const rows = [...document.matchAll(/^\| `((?:tributary|http)_\w+)` \| .*$/gm)].map(
      ([row]) => row,
    );
    expect(rows).toEqual(metricRows(seen));
  });

  it('has every span, by the kind of its name', () => {
    const rows = [...document.matchAll(/^\| `([^`]+)` \| (?:server|client|internal) \|/gm)];
    const documented = rows.map(([, name = '']) => name).toSorted();
    const kinds = new Set(seen.spans.map(({ name }) => spanName(name)));
    expect(documented).toEqual([...kinds].toSorted());
  });

  it('has every attribute of a span', () => {
    const attributes = new Set(seen.spans.flatMap((span) => Object.keys(span.attributes)));
    expect([...attributes].filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
  });
});

function spanName(name: string): string {
  if (name.startsWith('fetch ')) return 'fetch {subgraph}';
  return /^[A-Z]+ \//.test(name) ? '{method} {route}' : name;
}

/** The rows of the document's table, in the order of `/metrics`. */
function metricRows({ text, scrape: { values } }: Seen): readonly string[] {
  const series = [...values.keys()];
  return [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)]
    .filter(([, name = '']) => isOurs(name))
    .map(([, name = '', help = '', type = '']) => {
      const one = series.find((key) => new RegExp(`^${name}(_bucket)?\\{`).test(key)) ?? '';
      const labels = [...one.matchAll(/(\w+)="/g)].map(([, label]) => label);
      const shown = labels.filter((label) => label !== 'le').map((label) => `\`${label}\``);
      return `| \`${name}\` | ${type} | ${shown.join(', ')} | ${help} |`;
    });
}
