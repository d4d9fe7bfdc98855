import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../access/api-keys.ts';
import { customerRevenue } from '../console/example-query.ts';
import { graphiqlPath } from '../console/graphiql-page.ts';
import { findChromium, openBrowser } from '../console/testing/browser.ts';
import { systemClock } from '../foundation/clock.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn('Skipped: GraphiQL in a browser. Install Chromium or name one in CHROMIUM_PATH.');
}

describe.skipIf(chromium === undefined)('GraphiQL in a browser', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  let browser: Browser;
  let revenue: unknown;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
    const { data } = await project.ask(customerRevenue.query);
    revenue = { data };
    browser = await openBrowser(chromium ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    await project?.server.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`runs the example with the run button, in ${colorScheme} colours`, async () => {
      await withConsole({ colorScheme }, async (page) => {
        expect(await editorText(page, 'query')).toBe(customerRevenue.query);
        await page.getByRole('button', { name: /execute query/i }).click();
        expect(await answer(page)).toEqual(revenue);
        await page.locator('.graphiql-response').getByText('"SILVER"').waitFor();
        const isDark = (await lightness(page)) < 0.5;
        expect(isDark).toBe(colorScheme === 'dark');
      });
    });
  }

  it('runs the example with Ctrl+Enter', async () => {
    await withConsole({}, async (page) => {
      await page.locator('.graphiql-query-editor .CodeMirror').click();
      await page.keyboard.press('Control+Enter');
      expect(await answer(page)).toEqual(revenue);
    });
  });

  it('shows events as they come, and stops when told to', async () => {
    await withConsole({}, async (page) => {
      await page.locator('.graphiql-query-editor .CodeMirror').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(
        'subscription { customerEvents(includeOwn: true) { type subject } }',
      );
      // The editor reads what is in it a moment later.
      await page.waitForTimeout(500);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('button', { name: /stop query/i }).waitFor();
      await page.waitForTimeout(500);
      await project.ask(
        'mutation { createCustomer(input: { id: "C-SEEN", name: "Seen", email: "seen@mail.example" }) { version } }',
      );
      await page.locator('.graphiql-response').getByText('"C-SEEN"').waitFor();
      await page.getByRole('button', { name: /stop query/i }).click();
      await page.getByRole('button', { name: /execute query/i }).waitFor();
    });
  });

  it('explains the schema in its documentation pane', async () => {
    await withConsole({}, async (page) => {
      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.locator('.graphiql-plugin').getByText('Query', { exact: true }).click();
      await page
        .getByText(
          'The customer with this id, with the fields of every domain; null when there is none.',
        )
        .waitFor();
    });
  });

  it('sends an API key that is given as a header, and no empty one', async () => {
    const { token } = await createKey({
      directory: dataDirectory,
      name: 'Ana',
      clock: systemClock,
    });
    await withConsole({}, async (page) => {
      const apiKeys: (string | undefined)[] = [];
      page.on('request', (request) => apiKeys.push(request.headers()['x-api-key']));
      await page.locator('.graphiql-query-editor .CodeMirror').click();
      await page.keyboard.press('Control+Enter');
      expect(await answer(page)).toEqual(revenue);
      expect(apiKeys).toEqual([undefined]);
      await page.getByRole('button', { name: 'Headers' }).click();
      const headers = page.locator('.graphiql-editor-tool .CodeMirror:visible');
      await headers.click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(`{ "x-api-key": "${token}" }`);
      const answered = page.waitForResponse(/graphql$/);
      await page.keyboard.press('Control+Enter');
      expect((await answered).status()).toBe(200);
      expect(apiKeys.at(-1)).toBe(token);
      // GraphiQL stores what was written half a second after the last key.
      await page.waitForTimeout(700);
      const stored = await page.evaluate<string>('JSON.stringify({ ...localStorage })');
      expect(stored).not.toContain(token);
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

  it('leaves out of the way of the keyboard what is not shown', async () => {
    await withConsole({}, async (page) => {
      await page.locator('.graphiql-query-editor .CodeMirror').click();
      const seen: string[] = [];
      while (seen.filter((name) => name === 'Query').length < 2 && seen.length < 40) {
        seen.push(await focusInWindow(page));
        await page.keyboard.press('Escape');
        await page.keyboard.press('Tab');
      }
      expect(seen).toEqual(expect.arrayContaining(['Query', 'Response', 'Show editor tools']));
      expect(seen.filter((name) => name.endsWith('out of sight'))).toEqual([]);
    });
  });

  it('names each editor for screen readers', async () => {
    await withConsole({}, async (page) => {
      for (const name of ['Variables', 'Headers']) {
        await page.getByRole('button', { name, exact: true }).click();
        await page.getByRole('textbox', { name, exact: true }).waitFor();
      }
      for (const name of ['Query', 'Response']) {
        expect(await page.getByRole('textbox', { name, exact: true }).count(), name).toBe(1);
      }
    });
  });

  it('fits a phone: the answer below the query, the rest above both, nothing out at the side', async () => {
    await withConsole({ width: phone }, async (page) => {
      await page.getByRole('button', { name: /execute query/i }).click();
      expect(await answer(page)).toEqual(revenue);
      const [query, response] = [
        await place(page.locator('.graphiql-editors')),
        await place(page.locator('.graphiql-response')),
      ];
      expect(Math.min(query.width, response.width)).toBeGreaterThanOrEqual(300);
      expect(Math.min(query.height, response.height)).toBeGreaterThanOrEqual(240);
      expect(response.y).toBeGreaterThanOrEqual(query.y + query.height);

      for (const panel of ['Documentation Explorer', 'History']) {
        await page.getByRole('button', { name: `Show ${panel}` }).click();
        const { x, width } = await place(page.locator('.graphiql-plugin'));
        expect([x, width], panel).toEqual([0, phone]);
        expect(await place(page.locator('.graphiql-editors')), panel).toEqual(query);
        await page.getByRole('button', { name: `Hide ${panel}` }).click();
      }
      await page.getByRole('button', { name: /settings/i }).click();
      const { x, width } = await place(page.getByRole('button', { name: 'Dark' }));
      const dialog = await place(page.getByRole('dialog'));
      expect(x + width).toBeLessThanOrEqual(dialog.x + dialog.width);
      expect(dialog.x + dialog.width).toBeLessThanOrEqual(phone);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(phone);
    });
  });

  /** Opens the page in a fresh profile, and afterwards asserts that it stayed on this machine and silent. */
  async function withConsole(
    { width = 1280, ...options }: { colorScheme?: 'light' | 'dark'; width?: number },
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({
      ...options,
      viewport: { width, height: 800 },
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
      await page.goto(`${project.server.url}${graphiqlPath}`);
      await page.locator('.graphiql-query-editor .CodeMirror-code').waitFor();
      await use(page);
      expect(requested.length).toBeGreaterThan(0);
      expect(requested.filter((url) => !isLocal(url, project.server.url))).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
    }
  }
});

/** Width of a small phone, in pixels. */
const phone = 390;

type Box = Awaited<ReturnType<Locator['boundingBox']>>;

async function place(element: Locator): Promise<NonNullable<Box>> {
  const box = await element.boundingBox();
  if (box === null) throw new Error(`${String(element)} is not shown.`);
  return box;
}

/** What has the focus, by its name, and whether a reader sees where that is. */
function focusInWindow(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const focused = document.activeElement;
    const { left, right } = (focused.closest('.CodeMirror') ?? focused).getBoundingClientRect();
    const name = focused.ariaLabel ?? focused.tagName;
    return left < innerWidth && right > 0 ? name : name + ', out of sight';
  })()`);
}

/** A `data:` URL is part of the page and leaves nothing. */
function isLocal(url: string, origin: string): boolean {
  return url.startsWith(`${origin}/`) || url.startsWith('data:');
}

/** The whole text of an editor; the page itself holds only the lines in view. */
function editorText(page: Page, editor: 'query' | 'response'): Promise<string> {
  const place = editor === 'query' ? '.graphiql-query-editor' : '.graphiql-response';
  return page.evaluate(
    `document.querySelector('${place} .CodeMirror')?.CodeMirror.getValue() ?? ''`,
  );
}

/** The JSON in the result pane, once it is there. Asked from here: the page forbids the evaluation of text. */
async function answer(page: Page): Promise<unknown> {
  await expect.poll(() => editorText(page, 'response'), { timeout: 20_000 }).not.toBe('');
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
