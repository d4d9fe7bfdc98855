import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findChromium } from '../console/testing/browser.ts';
import { textOf } from '../demo/analyst.ts';
import { supportSchema } from '../demo/churn-risk.ts';
import { play, type PlayedScene } from '../demo/play.ts';
import { scenes, type AskScene } from '../demo/scenes.ts';
import { openStage, pictureSize, type Stage } from '../demo/stage.ts';
import { sharedTempFolder, tempFolder } from '../foundation/testing/temp-folder.ts';
import { askGraph } from './testing/ask-graph.ts';
import { repositoryDirectory } from './testing/start-project.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn('Skipped: the demo. Install Chromium or name one in CHROMIUM_PATH.');
}

describe.skipIf(chromium === undefined)('the demo', () => {
  const pictures = sharedTempFolder();
  const lines: string[] = [];
  const pace = { beatMs: 0, lineMs: 0, readMs: 0 };
  let stage: Stage;
  let urlBefore: string;
  let supergraphBefore: string;
  let played: readonly PlayedScene[];

  beforeAll(async () => {
    const { signal } = new AbortController();
    const say = (line: string): unknown => lines.push(line);
    stage = await openStage({
      browserFile: chromium ?? '',
      isHeadless: true,
      isForPictures: true,
      keyMs: 0,
      say,
      signal,
    });
    urlBefore = stage.server.url;
    supergraphBefore = stage.server.supergraphSdl();
    played = await play(scenes, stage, { pace, picturesDirectory: pictures, say, signal });
  }, 120_000);
  afterAll(() => stage?.close());

  it('shows revenue by rep and tier as SQL over the seed files has it', async () => {
    const expected = await sqlOverSeed(`
      SELECT s.sales_rep, t.support_tier, count(*)::INTEGER AS count,
        sum(i.amount::DECIMAL(18,2))::DOUBLE AS amount
      FROM seed('billing/invoice') i
      JOIN seed('identity/customer') c ON c.id = i.customer_id
      JOIN seed('billing/customer') b ON b.id = c.id
      LEFT JOIN seed('sales/customer') s ON s.id = c.id
      LEFT JOIN seed('support/customer') t ON t.id = c.id
      WHERE b.payment_terms = 'NET_60'
      GROUP BY ALL HAVING count >= 5 ORDER BY amount DESC LIMIT 5`);
    expect(expected).toHaveLength(5);
    expect(shownBy('1-revenue-by-rep-and-tier')).toEqual({
      invoicesAggregate: expected.map(({ sales_rep, support_tier, count, amount }) => ({
        keys: { customer: { salesRep: sales_rep, supportTier: support_tier } },
        count,
        sum: { amount },
      })),
    });
  });

  it('adds the field to a copy of the project, and the server takes it over without a restart', () => {
    expect(supergraphBefore).not.toContain('churnRisk');
    expect(stage.server.supergraphSdl()).toContain('churnRisk: ChurnRisk!');
    expect(stage.server.url).toBe(urlBefore);
    const schemaIn = (folder: string): string => readFileSync(join(folder, supportSchema), 'utf8');
    expect(schemaIn(stage.project.directory)).toContain('churnRisk');
    expect(schemaIn(repositoryDirectory)).not.toContain('churnRisk');
  });

  it('groups by the new field as SQL does', async () => {
    const expected = await sqlOverSeed(`
      SELECT ${riskSql} AS risk, s.sales_rep, count(*)::INTEGER AS count,
        sum(s.account_value::DECIMAL(18,2))::DOUBLE AS value
      FROM seed('identity/customer') c
      LEFT JOIN seed('sales/customer') s ON s.id = c.id
      LEFT JOIN seed('support/customer') t ON t.id = c.id
      GROUP BY ALL ORDER BY risk, value DESC NULLS LAST LIMIT 5`);
    expect(expected.map(({ risk }) => risk)).toEqual(Array.from({ length: 5 }, () => 'HIGH'));
    expect(shownBy('4-value-by-risk')).toEqual({
      customersAggregate: expected.map(({ risk, sales_rep, count, value }) => ({
        keys: { churnRisk: risk, salesRep: sales_rep },
        count,
        sum: { accountValue: value },
      })),
    });
  });

  it('filters by the new field, and sorts by one of another domain, as SQL does', async () => {
    const expected = await sqlOverSeed(`
      SELECT c.name, s.sales_rep, s.account_value::DOUBLE AS value, b.payment_terms,
        count(*) OVER ()::INTEGER AS total
      FROM seed('identity/customer') c
      JOIN seed('billing/customer') b ON b.id = c.id
      JOIN seed('support/customer') t ON t.id = c.id
      LEFT JOIN seed('sales/customer') s ON s.id = c.id
      WHERE b.payment_terms = 'NET_30' AND ${riskSql} = 'HIGH'
      ORDER BY value DESC NULLS LAST LIMIT 4`);
    expect(expected).toHaveLength(4);
    expect(shownBy('5-customers-at-risk')).toEqual({
      customers: {
        totalCount: expected[0]?.['total'],
        nodes: expected.map(({ name, sales_rep, value, payment_terms }) => ({
          name,
          salesRep: sales_rep,
          accountValue: value,
          churnRisk: 'HIGH',
          paymentTerms: payment_terms,
        })),
      },
    });
  });

  it('shows what the graph answers to whoever else asks the same', async () => {
    for (const { scene, data } of played) {
      if (scene.kind !== 'ask') continue;
      const answer = await askGraph(`${stage.server.url}/graphql`, textOf(scene.question));
      expect(answer).toEqual({ status: 200, data });
    }
  });

  it('tells each step in a line, and what came of it', () => {
    const steps = scenes.map(({ title }, index) => `${index + 1}/${scenes.length} ${title}`);
    expect(lines.filter((line) => /^\d\//.test(line))).toEqual(steps);
    const outcomes = played.map(({ outcome }) => `    ${outcome}`);
    expect(lines.filter((line) => line.startsWith(' '))).toEqual(outcomes);
  });

  it('saves a picture of each step, which is small and not blank', async () => {
    const names = scenes.flatMap((scene) =>
      scene.kind === 'ask' && scene.proposalsName !== undefined
        ? [scene.proposalsName, scene.name]
        : [scene.name],
    );
    expect(readdirSync(pictures).sort()).toEqual(names.map((name) => `${name}.png`));
    const page = await stage.page.context().newPage();
    for (const name of names) {
      const file = join(pictures, `${name}.png`);
      expect(statSync(file).size).toBeLessThan(200_000);
      const { width, height, colours } = await look(page, file);
      expect({ width, height }).toEqual(pictureSize);
      expect(colours).toBeGreaterThan(100);
    }
    const files = names.map((name) => readFileSync(join(pictures, `${name}.png`), 'base64'));
    expect(new Set(files).size).toBe(names.length);
  });

  function shownBy(name: AskScene['name']): unknown {
    return played.find(({ scene }) => scene.name === name)?.data;
  }
});

describe.skipIf(chromium === undefined)('npm run demo', { timeout: 120_000 }, () => {
  it('plays to its end, and leaves nothing behind', async () => {
    const demo = startDemo(['--headless']);
    expect(await demo.ended).toBe(0);
    expect(demo.output()).toContain(`${scenes.length}/${scenes.length} `);
    expect(demo.leftovers()).toEqual([]);
  });

  it('ends at Ctrl-C in the middle, and leaves nothing behind', async () => {
    const demo = startDemo(['--headless']);
    await demo.said('2/');
    expect(demo.leftovers()).not.toEqual([]);
    demo.interrupt();
    expect(await demo.ended).toBe(130);
    expect(demo.output()).toContain('Stopped.');
    expect(demo.leftovers()).toEqual([]);
  });

  it('says which browser does not start, and leaves nothing behind', async () => {
    const demo = startDemo(['--headless', '--browser', process.execPath]);
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toContain(`The demo ended early. ${process.execPath} does not start`);
    expect(demo.leftovers()).toEqual([]);
  });
});

describe('npm run demo', () => {
  it('refuses a browser that is none, before it sets anything up', async () => {
    const demo = startDemo(['--browser', repositoryDirectory]);
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toBe(`error: ${repositoryDirectory} is no program that can be run\n`);
  });

  it('says what to do where no browser is found', async () => {
    const demo = startDemo([], { PATH: tempFolder() });
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toMatch(/^error: no Chromium on PATH; .*--browser <file>\n$/);
  });
});

/** What support's expression means, written as the expression may not be: with comparisons. */
const riskSql = `CASE
  WHEN t.lifetime_tickets >= 75 THEN 'HIGH'
  WHEN t.lifetime_tickets > 25 THEN 'MEDIUM'
  ELSE 'LOW' END`;

/** Runs SQL in which `seed('sales/customer')` is that file of the seed. */
async function sqlOverSeed(query: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const seed = join(repositoryDirectory, 'lake-data/seed');
    const text = query.replaceAll(/seed\('(.*?)'\)/g, `read_csv('${seed}/$1.csv')`);
    return (await connection.runAndReadAll(text)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The size of a picture, and how many colours are in it. */
async function look(
  page: Page,
  file: string,
): Promise<{ readonly width: number; readonly height: number; readonly colours: number }> {
  const source = `data:image/png;base64,${readFileSync(file, 'base64')}`;
  return page.evaluate(`(async () => {
    const picture = new Image();
    picture.src = ${JSON.stringify(source)};
    await picture.decode();
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer);
    return { width, height, colours: new Set(pixels).size };
  })()`);
}

interface DemoProcess {
  /** What it, or its browser, has put among the temporary files. */
  readonly leftovers: () => readonly string[];
  readonly ended: Promise<number | null>;
  readonly output: () => string;
  readonly said: (text: string) => Promise<void>;
  readonly interrupt: () => void;
}

function startDemo(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): DemoProcess {
  const folder = tempFolder();
  const main = join(repositoryDirectory, 'demo/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...flags], {
    cwd: repositoryDirectory,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    // The loader keeps what it compiled.
    leftovers: () => readdirSync(folder).filter((name) => !name.startsWith('tsx-')),
    ended: once(child, 'close').then(([code]) => code as number | null),
    output: () => output,
    said: (text) => vi.waitFor(() => expect(output).toContain(text), { timeout: 60_000 }),
    interrupt: () => void child.kill('SIGINT'),
  };
}
