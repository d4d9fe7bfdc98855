import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTemporaryProject, type TemporaryProject } from './testing/temporary-project.ts';
import { watchProject, type ProjectWatcher } from './watch-project.ts';

/** What the watcher reported, and a way to wait for more of it. */
class Reloads {
  readonly seen: (readonly string[])[] = [];
  readonly errors: unknown[] = [];
  #wake: () => void = () => {};

  add(changed: readonly string[]): void {
    this.seen.push(changed);
    this.#wake();
  }

  async reach(count: number): Promise<void> {
    while (this.seen.length < count) await new Promise<void>((done) => (this.#wake = done));
  }
}

describe('watching a project', () => {
  let project: TemporaryProject;
  let reloads: Reloads;
  let watcher: ProjectWatcher | undefined;
  let names: string[];

  beforeEach(async () => {
    project = await createTemporaryProject({
      'supergraph.yaml': 'a',
      'sales/schema.graphql': 'a',
      'sales/notes.txt': 'a',
    });
    reloads = new Reloads();
    names = ['supergraph.yaml', 'sales/schema.graphql', 'sales/resolvers.ts'];
  });

  afterEach(async () => {
    await watcher?.close();
    watcher = undefined;
    await project.remove();
  });

  async function start(onChange?: (changed: readonly string[]) => Promise<void>): Promise<void> {
    watcher = await watchProject({
      files: () => names.map((name) => project.pathOf(name)),
      onChange: async (changed) => {
        const shown = changed.map((file) => file.slice(project.directory.length + 1));
        await onChange?.(shown);
        reloads.add(shown);
      },
      onError: (error) => reloads.errors.push(error),
      debounceMs: 50,
    });
  }

  it('reports a change once, and files that are not of the project never', async () => {
    await start();
    await project.write('sales/notes.txt', 'b');
    await project.write('sales/schema.graphql', 'b');
    await project.write('supergraph.yaml', 'b');
    await project.write('sales/schema.graphql', 'c');
    await reloads.reach(1);
    expect(reloads.seen).toEqual([['sales/schema.graphql', 'supergraph.yaml']]);
  });

  it('sees file after file that an editor renames over the old one', async () => {
    await start();
    for (const round of [1, 2, 3]) {
      await project.write('sales/.schema.swp', `round ${round}`);
      await rename(project.pathOf('sales/.schema.swp'), project.pathOf('sales/schema.graphql'));
      await reloads.reach(round);
    }
    expect(reloads.seen).toEqual(Array(3).fill(['sales/schema.graphql']));
  });

  it('sees a file come and go', async () => {
    await start();
    await project.write('sales/resolvers.ts', 'export default {}');
    await reloads.reach(1);
    await rm(project.pathOf('sales/resolvers.ts'));
    await reloads.reach(2);
    expect(reloads.seen).toEqual([['sales/resolvers.ts'], ['sales/resolvers.ts']]);
  });

  it('sees a folder that is removed and made again', async () => {
    await start();
    await rm(project.pathOf('sales'), { recursive: true });
    await reloads.reach(1);
    await mkdir(project.pathOf('sales'));
    await writeFile(project.pathOf('sales/schema.graphql'), 'again');
    await reloads.reach(2);
    await project.write('sales/schema.graphql', 'and again');
    await reloads.reach(3);
    expect(new Set(reloads.seen.flat())).toEqual(new Set(['sales/schema.graphql']));
  });

  it('watches the files that a reload has added, also in a folder that is not there yet', async () => {
    await start(async () => {
      names = [...names, 'shipping/schema.graphql'];
    });
    await project.write('supergraph.yaml', 'b');
    await reloads.reach(1);
    await project.write('shipping/schema.graphql', 'a');
    await reloads.reach(2);
    expect(reloads.seen[1]).toEqual(['shipping/schema.graphql']);
  });

  it('runs one reload at a time, and one more for what changes meanwhile', async () => {
    let running = 0;
    let most = 0;
    let release: () => void = () => {};
    const isHeld = new Promise<void>((done) => (release = done));
    let begin: () => void = () => {};
    const hasBegun = new Promise<void>((done) => (begin = done));
    await start(async () => {
      most = Math.max(most, ++running);
      begin();
      await isHeld;
      running--;
    });
    await project.write('supergraph.yaml', 'b');
    await hasBegun;
    await project.write('supergraph.yaml', 'c');
    await project.write('sales/schema.graphql', 'c');
    await new Promise((done) => setTimeout(done, 300));
    release();
    await reloads.reach(2);
    expect(most).toBe(1);
    expect(reloads.seen).toEqual([
      ['supergraph.yaml'],
      ['sales/schema.graphql', 'supergraph.yaml'],
    ]);
  });

  it('goes on after a reload that fails', async () => {
    let isBroken = true;
    await start(async () => {
      if (isBroken) {
        reloads.add([]);
        throw new Error('broken');
      }
    });
    await project.write('supergraph.yaml', 'b');
    await reloads.reach(1);
    isBroken = false;
    await project.write('supergraph.yaml', 'c');
    await reloads.reach(2);
    expect(reloads.seen).toEqual([[], ['supergraph.yaml']]);
    expect(reloads.errors).toEqual([new Error('broken')]);
  });

  it('says nothing more once it is closed', async () => {
    await start();
    await project.write('supergraph.yaml', 'b');
    await watcher?.close();
    await project.write('supergraph.yaml', 'c');
    await new Promise((done) => setTimeout(done, 200));
    expect(reloads.seen).toEqual([]);
  });
});
