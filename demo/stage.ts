import { stripVTControlCharacters } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { RunningServer } from '../gateway/start-server.ts';
import { Analyst } from './analyst.ts';
import { Captions } from './captions.ts';
import { copyProject, type ProjectCopy } from './project-copy.ts';
import { startDemoServer } from './start-server.ts';

export interface StageOptions {
  readonly browserFile: string;
  readonly isHeadless: boolean;
  /** The page gets the size and the light colours of the pictures; otherwise those of the window. */
  readonly isForPictures: boolean;
  /** How long the analyst takes for a key, in milliseconds. */
  readonly keyMs: number;
  /** Told in a line what is being set up. */
  readonly say: (line: string) => void;
  /** Closes the browser, so that whatever is being played ends with an error. */
  readonly signal: AbortSignal;
}

/** What the demo is played on. Whoever opens it closes it. */
export interface Stage {
  readonly project: ProjectCopy;
  readonly server: RunningServer;
  readonly page: Page;
  readonly analyst: Analyst;
  readonly captions: Captions;
  /** Takes down what was set up, the last first. */
  readonly close: () => Promise<void>;
}

export const pictureSize = { width: 1280, height: 800 } as const;

/** Copies the project, serves the copy, and opens its console in a browser. Leaves nothing behind when that fails. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { say, signal, keyMs } = options;
  const takeDowns: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (let last = takeDowns.pop(); last !== undefined; last = takeDowns.pop()) await last();
  };
  try {
    say('copying the domains and their seed files to a temporary folder');
    const project = copyProject();
    takeDowns.push(project.remove);
    say('starting the server, which loads the seed');
    const server = await startDemoServer(project.directory);
    takeDowns.push(server.close);
    signal.throwIfAborted();
    say(`opening ${options.browserFile} at ${server.url}`);
    const browser = await launch(options);
    takeDowns.push(() => browser.close());
    signal.addEventListener('abort', () => void browser.close(), { once: true });
    signal.throwIfAborted();
    const page = await openPage(browser, options);
    const captions = await Captions.inject(page);
    const analyst = new Analyst({ page, keyMs, signal });
    await analyst.open(server.url);
    return { project, server, page, analyst, captions, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function launch({ browserFile, isHeadless }: StageOptions): Promise<Browser> {
  const launched = chromium.launch({
    executablePath: browserFile,
    headless: isHeadless,
    // Signals are this program's to handle: it has more to take down than a browser.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--window-size=1360,940',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
  return launched.catch((cause: unknown) => {
    const way = isHeadless ? 'without a window' : 'with a window; --headless needs no display';
    throw new Error(`${browserFile} does not start ${way}.\n${saidByBrowser(cause)}`, { cause });
  });
}

/** What the browser itself wrote before it ended, out of all that Playwright tells. */
function saidByBrowser(error: unknown): string {
  return [...String(error).matchAll(/\[err\] (.*ERROR.*)/g)]
    .map(([, line]) => stripVTControlCharacters(line ?? ''))
    .join('\n');
}

async function openPage(
  browser: Browser,
  { isForPictures, isHeadless }: StageOptions,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: isForPictures || isHeadless ? pictureSize : null,
    colorScheme: isForPictures ? 'light' : null,
  });
  return context.newPage();
}
