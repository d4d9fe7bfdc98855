import { setTimeout } from 'node:timers/promises';
import type { Page, Response } from 'playwright-core';
import { graphiqlPath } from '../console/graphiql-page.ts';

/** A piece of a question: text that is typed, or a name that is begun and then taken from the editor's proposals. */
export type Keystrokes = string | { readonly typed: string; readonly proposed: string };

export interface Answer {
  /** The whole answer, as the page got it. */
  readonly json: unknown;
  /** From the page's request to the end of its answer, in milliseconds. */
  readonly durationMs: number;
}

interface AnalystOptions {
  readonly page: Page;
  /** How long a key takes, in milliseconds. */
  readonly keyMs: number;
  readonly signal: AbortSignal;
}

const editor = '.graphiql-query-editor .CodeMirror';
const proposals = '.CodeMirror-hints';

/** Somebody at the GraphiQL page: types, takes proposals, and presses its buttons. */
export class Analyst {
  readonly #page: Page;
  readonly #keyMs: number;
  readonly #signal: AbortSignal;

  constructor({ page, keyMs, signal }: AnalystOptions) {
    this.#page = page;
    this.#keyMs = keyMs;
    this.#signal = signal;
  }

  /** Opens the console of this server, and waits until it knows the schema. */
  async open(serverUrl: string): Promise<void> {
    const introspected = this.#page.waitForResponse(isAnswer);
    await this.#page.goto(new URL(graphiqlPath, serverUrl).href);
    await (await introspected).finished();
    await this.#page.locator(`${editor}-code`).waitFor();
  }

  /** Opens an empty tab. */
  async openTab(): Promise<void> {
    await this.#page.getByRole('button', { name: 'New tab' }).click();
    await this.#page.locator(`${editor} textarea`).focus();
    // Out of the way: over the editor or a button it would bring up explanations.
    await this.#page.mouse.move(0, 0);
  }

  /** Types a question into the empty editor. `onProposals` is called while the editor proposes a name. */
  async type(question: readonly Keystrokes[], onProposals: () => Promise<void>): Promise<void> {
    for (const piece of question) {
      if (typeof piece === 'string') await this.#typeText(piece);
      else {
        await this.#begin(piece.typed);
        await this.#page.locator(proposals).getByText(piece.proposed, { exact: true }).waitFor();
        await onProposals();
        await this.#page.keyboard.press('Enter');
      }
    }
    const expected = textOf(question);
    const written = await this.#textOf('.graphiql-query-editor');
    if (written !== expected) throw new Error(`The editor holds another question:\n${written}`);
    // The page reads what was typed a moment later, and until then would run the operation of the tab before.
    const [, name = ''] = /query (\w+)/.exec(expected) ?? [];
    await this.#page.locator('.graphiql-tab-active').getByText(name, { exact: true }).waitFor();
  }

  /** Presses the run button, and waits until the page shows what came back. */
  async run(): Promise<Answer> {
    const answered = this.#page.waitForResponse(isAnswer);
    await this.#page.getByRole('button', { name: /execute query/i }).click();
    const response = await answered;
    const json: unknown = await response.json();
    const { responseEnd } = response.request().timing();
    await this.#untilShown(JSON.stringify(json, null, 2));
    return { json, durationMs: responseEnd };
  }

  /** Presses the button that reads the schema anew. */
  async refetchSchema(): Promise<void> {
    const introspected = this.#page.waitForResponse(isAnswer);
    await this.#page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
    await (await introspected).finished();
  }

  async #untilShown(answer: string): Promise<void> {
    const endMs = performance.now() + 10_000;
    while ((await this.#textOf('.graphiql-response')) !== answer) {
      if (performance.now() > endMs) throw new Error('The page does not show the answer it got.');
      await setTimeout(20, undefined, { signal: this.#signal });
    }
  }

  /** Text that is inserted passes by the editor's closing of brackets and its proposals, which would change it. */
  async #typeText(text: string): Promise<void> {
    for (const character of text) {
      await this.#page.keyboard.insertText(character);
      await this.#pause();
    }
  }

  /** Keys that are pressed make the editor propose what begins with them. */
  async #begin(name: string): Promise<void> {
    for (const character of name) {
      await this.#page.keyboard.press(character);
      await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    if (this.#keyMs > 0) await setTimeout(this.#keyMs, undefined, { signal: this.#signal });
  }

  /** The whole text of an editor; the page itself holds only the lines in view. */
  #textOf(place: string): Promise<string> {
    return this.#page.evaluate(
      `document.querySelector('${place} .CodeMirror')?.CodeMirror.getValue() ?? ''`,
    );
  }
}

/** The question that the keystrokes leave in the editor. */
export function textOf(question: readonly Keystrokes[]): string {
  return question.map((piece) => (typeof piece === 'string' ? piece : piece.proposed)).join('');
}

function isAnswer(response: Response): boolean {
  return response.request().method() === 'POST' && response.url().endsWith('/graphql');
}
