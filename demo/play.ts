import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  readSupportSchema,
  saveSupportSchema,
  supportSchema,
  withChurnRisk,
} from './churn-risk.ts';
import type { AskScene, ChangeScene, Scene } from './scenes.ts';
import type { Stage } from './stage.ts';

/** How long the page stays as it is, in milliseconds. */
export interface Pace {
  /** Before something happens that the eye should see coming. */
  readonly beatMs: number;
  /** Until a line of a file is written. */
  readonly lineMs: number;
  /** While there is something to read. */
  readonly readMs: number;
}

export interface PlayOptions {
  readonly pace: Pace;
  /** Gets a PNG of each scene. */
  readonly picturesDirectory?: string | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What came of a scene. */
export interface PlayedScene {
  readonly scene: Scene;
  readonly outcome: string;
  /** The data that the page was given; of a change, undefined. */
  readonly data?: unknown;
}

const reloadTimeoutMs = 30_000;

/**
 * Plays the scenes one after the other.
 * @throws Error when one of them does not end as it should
 */
export async function play(
  scenes: readonly Scene[],
  stage: Stage,
  options: PlayOptions,
): Promise<readonly PlayedScene[]> {
  if (options.picturesDirectory !== undefined) {
    mkdirSync(options.picturesDirectory, { recursive: true });
  }
  const player = new Player(stage, options);
  const played: PlayedScene[] = [];
  for (const [index, scene] of scenes.entries()) {
    const { title, detail } = scene;
    options.say(`${index + 1}/${scenes.length} ${title}`);
    await stage.captions.show({ number: index + 1, title, detail });
    const result = scene.kind === 'ask' ? await player.ask(scene) : await player.change(scene);
    options.say(`    ${result.outcome}`);
    played.push(result);
  }
  return played;
}

class Player {
  readonly #stage: Stage;
  readonly #options: PlayOptions;

  constructor(stage: Stage, options: PlayOptions) {
    this.#stage = stage;
    this.#options = options;
  }

  async ask(scene: AskScene): Promise<PlayedScene> {
    const { analyst, captions } = this.#stage;
    const { beatMs, readMs } = this.#options.pace;
    await this.#pause(beatMs);
    await analyst.openTab();
    await analyst.type(scene.question, async () => {
      if (scene.proposalsName !== undefined) await this.#takePicture(scene.proposalsName);
      await this.#pause(beatMs);
    });
    await this.#pause(beatMs);
    const { json, durationMs } = await analyst.run();
    const data = dataOf(json);
    const outcome = `${scene.conclude(data)}, in ${Math.ceil(durationMs)} ms`;
    await captions.showOutcome(outcome);
    await this.#takePicture(scene.name);
    await this.#pause(readMs);
    return { scene, outcome, data };
  }

  async change(scene: ChangeScene): Promise<PlayedScene> {
    const { analyst, captions, project } = this.#stage;
    const { beatMs, lineMs, readMs } = this.#options.pace;
    const lines = withChurnRisk(readSupportSchema(project.directory));
    const firstNew = lines.findIndex(({ isNew }) => isNew);
    await captions.openSchema(supportSchema, lines.slice(firstNew));
    await this.#pause(beatMs);
    for (const _line of lines.filter(({ isNew }) => isNew)) {
      await captions.writeLine();
      await this.#pause(lineMs);
    }
    saveSupportSchema(project.directory, lines);
    const [durationMs] = await Promise.all([
      this.#untilServed('churnRisk'),
      captions.showSchemaState('saved'),
    ]);
    const outcome = `Served ${Math.ceil(durationMs)} ms after it was saved, by the same process`;
    await captions.showOutcome(outcome);
    await this.#takePicture(scene.name);
    await this.#pause(readMs);
    await captions.closeSchema();
    await analyst.refetchSchema();
    return { scene, outcome };
  }

  /** Waits until the graph has this field; gives how long that took, in milliseconds. */
  async #untilServed(field: string): Promise<number> {
    const startMs = performance.now();
    while (!this.#stage.server.supergraphSdl().includes(`${field}:`)) {
      if (performance.now() - startMs > reloadTimeoutMs) {
        throw new Error(`The server did not take over ${field}; its log says why.`);
      }
      await this.#pause(10);
    }
    return performance.now() - startMs;
  }

  async #takePicture(name: string): Promise<void> {
    const { picturesDirectory } = this.#options;
    if (picturesDirectory === undefined) return;
    const path = join(picturesDirectory, `${name}.png`);
    await this.#stage.page.screenshot({ path, animations: 'disabled' });
  }

  async #pause(durationMs: number): Promise<void> {
    if (durationMs > 0) await setTimeout(durationMs, undefined, { signal: this.#options.signal });
  }
}

/** @throws Error when the answer has errors */
function dataOf(json: unknown): unknown {
  const { data, errors } = json as {
    readonly data?: unknown;
    readonly errors?: readonly { readonly message: string }[];
  };
  if (errors === undefined) return data;
  throw new Error(`The graph refused: ${errors.map(({ message }) => message).join('\n')}`);
}
