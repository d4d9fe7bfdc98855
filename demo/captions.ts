import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { SchemaLine } from './churn-risk.ts';

/** What stands at the foot of the page while a scene is played. */
export interface Caption {
  readonly number: number;
  readonly title: string;
  readonly detail: string;
}

/** What the demo says on the page itself: a caption at its foot, and a schema that is being written. */
export class Captions {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Has to come before the page is opened. Injected by the browser's debugger, which the page's policy lets pass. */
  static async inject(page: Page): Promise<Captions> {
    const style = JSON.stringify(readFileSync(pageFile('captions.css'), 'utf8'));
    const script = readFileSync(pageFile('captions.js'), 'utf8');
    await page.addInitScript(`globalThis.tributaryCaptionStyle = ${style};\n${script}`);
    return new Captions(page);
  }

  /** Replaces the caption, and the outcome beside it. */
  show(caption: Caption): Promise<void> {
    return this.#call('caption', caption);
  }

  /** What came of the scene. */
  showOutcome(text: string): Promise<void> {
    return this.#call('outcome', text);
  }

  /** Opens a file over the page; its new lines appear one by one with `writeLine`. */
  openSchema(file: string, lines: readonly SchemaLine[]): Promise<void> {
    return this.#call('schema', { file, lines });
  }

  writeLine(): Promise<void> {
    return this.#call('writeLine');
  }

  /** A word beside the file's name. */
  showSchemaState(text: string): Promise<void> {
    return this.#call('schemaState', text);
  }

  closeSchema(): Promise<void> {
    return this.#call('closeSchema');
  }

  #call(name: string, argument: unknown = null): Promise<void> {
    return this.#page.evaluate(`tributaryCaptions.${name}(${JSON.stringify(argument)})`);
  }
}

function pageFile(name: string): string {
  return join(import.meta.dirname, 'page', name);
}
