import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildSchema, graphql } from 'graphql';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleAssets } from '../console/console-assets.ts';
import { customerRevenue } from '../console/example-query.ts';
import { graphiqlPage, graphiqlPageHeaders, graphiqlPath } from '../console/graphiql-page.ts';
import { findChromium, openBrowser } from '../console/testing/browser.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    'Skipped: GraphiQL in a browser. Install Chromium or name one in TRIBUTARY_CHROMIUM.',
  );
}

interface StartedServer {
  readonly origin: string;
  /** Values of x-api-key that the endpoint received, in order; undefined where a request had none. */
  readonly apiKeys: readonly (string | undefined)[];
  close(): Promise<void>;
}

const customer = {
  id: 'C0000042',
  name: 'Ada "Countess" Lovelace',
  email: 'ada+maths@example.com',
  accountValue: 1250.5,
  salesRep: 'Grace Hopper',
  creditLimit: 250.1,
  supportTier: 'GOLD',
  lifetimeTickets: 7,
  vatNumber: 'GB123456789',
  paymentTerms: 'NET_30',
  invoices: [{ id: 'I1', amount: 99.95, issuedOn: '2026-01-31', status: 'PAID' }],
};

describe.skipIf(chromium === undefined)('GraphiQL in a browser', () => {
  let bundle: string;
  let server: StartedServer;
  let browser: Browser;

  beforeAll(async () => {
    bundle = await mkdtemp(join(tmpdir(), 'tributary-console-'));
    const build = fileURLToPath(new URL('../console/build.mjs', import.meta.url));
    await promisify(execFile)(process.execPath, [build, bundle]);
    server = await startServer(bundle);
    browser = await openBrowser(chromium ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (bundle !== undefined) await rm(bundle, { recursive: true, force: true });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`runs the example with the run button, in ${colorScheme} colours`, async () => {
      await withConsole({ colorScheme }, async (page) => {
        expect(await editorText(page, 'query')).toBe(customerRevenue.query);
        await page.getByRole('button', { name: /execute query/i }).click();
        expect(await answer(page)).toEqual({ data: { customer } });
        await page.locator('.graphiql-response').getByText('"GB123456789"').waitFor();
        const isDark = (await lightness(page)) < 0.5;
        expect(isDark).toBe(colorScheme === 'dark');
      });
    });
  }

  it('runs the example with Ctrl+Enter', async () => {
    await withConsole({}, async (page) => {
      await page.locator('.graphiql-query-editor .CodeMirror').click();
      await page.keyboard.press('Control+Enter');
      expect(await answer(page)).toEqual({ data: { customer } });
    });
  });

  it('explains the schema in its documentation pane', async () => {
    await withConsole({}, async (page) => {
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-plugin').getByText('Query', { exact: true }).click();
      await page.getByText('The customer with this id, from every domain.').waitFor();
    });
  });

  it('sends an API key that is given as a header, and no empty one', async () => {
    await withConsole({}, async (page) => {
      const before = server.apiKeys.length;
      await page.getByRole('button', { name: 'Headers' }).click();
      const headers = page.locator('.graphiql-editor-tool .CodeMirror:visible');
      await headers.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText('{ "x-api-key": "key-of-a-test" }');
      await page.keyboard.press('Control+Enter');
      expect(await answer(page)).toEqual({ data: { customer } });
      expect(server.apiKeys.slice(0, before).every((key) => key === undefined)).toBe(true);
      expect(server.apiKeys.at(-1)).toBe('key-of-a-test');
      // GraphiQL stores what was written half a second after the last key.
      await page.waitForTimeout(700);
      const stored = await page.evaluate<string>('JSON.stringify({ ...localStorage })');
      expect(stored).not.toContain('key-of-a-test');
    });
  });

  it('lets the keyboard leave an editor with Escape and Tab', async () => {
    await withConsole({}, async (page) => {
      await page.locator('.graphiql-query-editor .CodeMirror').click();
      const isInQuery = '!!document.activeElement.closest(".graphiql-query-editor .CodeMirror")';
      expect(await page.evaluate(isInQuery)).toBe(true);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(isInQuery)).toBe(false);
      expect(await page.evaluate('document.activeElement.tagName')).toBe('BUTTON');
      expect(await editorText(page, 'query')).toBe(customerRevenue.query);
    });
  });

  /** Opens the page in a fresh profile, and afterwards asserts that it stayed on this machine and silent. */
  async function withConsole(
    options: { readonly colorScheme?: 'light' | 'dark' },
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({
      ...options,
      viewport: { width: 1280, height: 800 },
    });
    try {
      const page = await context.newPage();
      const requested: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => requested.push(request.url()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(`${server.origin}${graphiqlPath}`);
      await page.locator('.graphiql-query-editor .CodeMirror-code').waitFor();
      await use(page);
      expect(requested.length).toBeGreaterThan(0);
      expect(requested.filter((url) => !isLocal(url, server.origin))).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }
});

/** A `data:` URL is part of the page and leaves nothing. */
function isLocal(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/`) || url.startsWith('data:');
}

/** The whole text of an editor; the page itself holds only the lines in view. */
function editorText(page: Page, editor: 'query' | 'response'): Promise<string> {
  const place = editor === 'query' ? '.graphiql-query-editor' : '.graphiql-response';
  return page.evaluate(`document.querySelector('${place} .CodeMirror').CodeMirror.getValue()`);
}

/** The JSON in the result pane, once it is there. */
async function answer(page: Page): Promise<unknown> {
  await page.waitForFunction(
    `document.querySelector('.graphiql-response .CodeMirror')?.CodeMirror.getValue() !== ''`,
  );
  return JSON.parse(await editorText(page, 'response'));
}

/** How light the ground of the page is, from 0 to 1. */
async function lightness(page: Page): Promise<number> {
  const color = await page.evaluate<string>(
    `getComputedStyle(document.querySelector('.graphiql-container')).backgroundColor`,
  );
  const channels =
    color
      .match(/[\d.]+/g)
      ?.slice(0, 3)
      .map(Number) ?? [];
  return channels.reduce((sum, channel) => sum + channel, 0) / (3 * 255);
}

const schema = buildSchema(`
  scalar Decimal
  scalar Date
  type Invoice { id: ID! amount: Decimal! issuedOn: Date! status: String! }
  type Customer {
    id: ID!
    name: String!
    email: String!
    accountValue: Decimal
    salesRep: String
    creditLimit: Decimal
    supportTier: String
    lifetimeTickets: Int
    vatNumber: String
    paymentTerms: String
    invoices: [Invoice!]!
  }
  type Query {
    "The customer with this id, from every domain."
    customer(id: ID!): Customer
  }
`);

/** The page and an endpoint that knows one customer, on a free port of the loopback host. */
async function startServer(bundle: string): Promise<StartedServer> {
  const assets = consoleAssets(bundle);
  const page = graphiqlPage({ endpoint: '/graphql', example: customerRevenue });
  const apiKeys: (string | undefined)[] = [];
  const rootValue = {
    customer: ({ id }: { id: string }) => (id === customer.id ? customer : null),
  };

  const http = createServer(async (request, response) => {
    const asset = assets.get(request.url ?? '');
    if (asset !== undefined) {
      response.setHeader('content-type', asset.contentType).end(asset.body);
    } else if (request.url === graphiqlPath) {
      response.writeHead(200, graphiqlPageHeaders).end(page);
    } else if (request.url === '/graphql' && request.method === 'POST') {
      apiKeys.push(request.headers['x-api-key']?.toString());
      const { query, variables } = JSON.parse(await readBody(request));
      const result = await graphql({ schema, rootValue, source: query, variableValues: variables });
      response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    apiKeys,
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
