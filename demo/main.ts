import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import type { Page } from 'playwright-core';
import { processEnvironment, type Environment } from '../foundation/config/environment.ts';
import { describeError, TributaryError } from '../foundation/errors/tributary-error.ts';
import { browserNames, findBrowser, isProgram } from './find-browser.ts';
import { play, type Pace } from './play.ts';
import { scenes } from './scenes.ts';
import { openStage, type Stage } from './stage.ts';
import { stopAtSignal } from './stop-signal.ts';

interface Flags {
  readonly browser?: string;
  readonly headless?: true;
  readonly pictures?: string;
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** For somebody who watches; without a window there is nobody to wait for. */
const watched: Pace & { readonly keyMs: number } = {
  keyMs: 8,
  beatMs: 600,
  lineMs: 130,
  readMs: 3_200,
};
const unwatched: typeof watched = { keyMs: 0, beatMs: 0, lineMs: 0, readMs: 0 };

/** How long the page stays open at the end unless somebody presses Enter before. */
const curtainMs = 10_000;

const command = new Command('demo')
  .description(
    'Play the headline in a browser: questions over all domains, and a field that one of them adds.',
  )
  .option('--browser <file>', `a Chromium (default: ${browserNames.join(', ')}, as found on PATH)`)
  .option('--headless', 'no window and no pauses; the default where there is no display')
  .option('--pictures <folder>', 'save a picture of each step, as PNG')
  .action(demo);
await command.parseAsync();

async function demo(flags: Flags): Promise<void> {
  const environment = processEnvironment();
  const browserFile = chosenBrowser(flags, environment['PATH'] ?? '');
  const isHeadless = flags.headless === true || !hasDisplay(environment);
  const pace = isHeadless ? unwatched : watched;
  const signal = stopAtSignal();
  const startMs = performance.now();
  let stage: Stage | undefined;
  try {
    stage = await openStage({
      browserFile,
      isHeadless,
      isForPictures: flags.pictures !== undefined,
      keyMs: pace.keyMs,
      say,
      signal,
    });
    await play(scenes, stage, { pace, picturesDirectory: flags.pictures, say, signal });
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    say(`Played in ${seconds} s: three questions, a new field, and a server that ran on.`);
    if (flags.pictures !== undefined) say(`The pictures are in ${flags.pictures}.`);
    if (!isHeadless) await curtain(stage.page, signal);
  } catch (error) {
    if (signal.aborted) say('Stopped.');
    else reportFailure(stage?.page.isClosed() === true ? 'Somebody closed the page.' : error);
  } finally {
    await stage?.close();
    say('Closed the browser and the server, and removed the temporary folder.');
  }
}

function chosenBrowser({ browser }: Flags, path: string): string {
  const file = browser ?? findBrowser(path);
  if (file === undefined) {
    return command.error(
      'error: no Chromium on PATH; install one, or name one with --browser <file>',
    );
  }
  return isProgram(file) ? file : command.error(`error: ${file} is no program that can be run`);
}

/** Elsewhere than on Linux and its kin there is a display whenever somebody is there. */
function hasDisplay(environment: Environment): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(environment['DISPLAY']) || Boolean(environment['WAYLAND_DISPLAY']);
}

/** Leaves the page open for whoever wants to look around, until Enter, for a while, or until they close it. */
async function curtain(page: Page, signal: AbortSignal): Promise<void> {
  say(`The page stays open for ${curtainMs / 1_000} s; Enter closes it.`);
  const over = new AbortController();
  const options = { signal: AbortSignal.any([signal, over.signal]) };
  await Promise.race([
    once(process.stdin, 'data', options),
    setTimeout(curtainMs, undefined, options),
    page.waitForEvent('close', { timeout: 0 }),
  ]);
  over.abort();
  process.stdin.pause();
}

function reportFailure(error: unknown): void {
  const text = error instanceof TributaryError ? describeError(error) : messageOf(error);
  process.stderr.write(`The demo ended early. ${text}\n`);
  process.exitCode = 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
