import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphiqlPath } from '../console/graphiql-page.ts';
import { findChromium, openBrowser } from '../console/testing/browser.ts';
import { sharedTempFolder } from '../foundation/testing/temp-folder.ts';
import { startProjectUntilClosed, type TestProject } from './testing/start-project.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn('Skipped: the front page offline. Install Chromium or name one in CHROMIUM_PATH.');
}

describe.skipIf(chromium === undefined)('the front page without the internet', () => {
  const dataDirectory = sharedTempFolder();
  let project: TestProject;
  let browser: Browser;

  beforeAll(async () => {
    project = await startProjectUntilClosed({ dataDirectory });
    browser = await openBrowser(chromium ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    await project?.server.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`leads to GraphiQL by a click, in ${colorScheme} colours`, async () => {
      const context = await browser.newContext({ colorScheme });
      try {
        const page = await context.newPage();
        const { origin } = new URL(project.server.url);
        await page.route(
          (url) => url.origin !== origin,
          (route) => route.abort(),
        );
        await page.goto(project.server.url);
        const ink = await page.evaluate<string>(
          `getComputedStyle(document.querySelector('.fallback p')).color`,
        );
        expect(ink).toBe(colorScheme === 'dark' ? 'rgb(255, 255, 255)' : 'rgb(0, 0, 0)');
        await page.getByRole('link', { name: 'GraphiQL' }).click();
        await page.waitForURL(`${origin}${graphiqlPath}`);
      } finally {
        await context.close();
      }
    });
  }
});
