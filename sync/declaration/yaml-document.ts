import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
} from 'yaml';
import { raise, type SourceLocation } from '../../foundation/errors/tributary-error.ts';

/** Keys and positions from the top of a document down to a value. */
export type YamlPath = readonly (string | number)[];

/** A YAML file whose every key and value is known by its place. */
export class YamlDocument {
  readonly file: string;
  readonly value: unknown;
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();

  /** @throws SYNC_FILE_INVALID */
  constructor(file: string, text: string) {
    this.file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines });
    const [error] = this.#document.errors;
    if (error !== undefined) {
      const problem = error.message.split(/ at line \d|\n/)[0] ?? error.message;
      throw raise('SYNC_FILE_INVALID', { problem }, { at: this.#at(error.pos[0]), cause: error });
    }
    this.value = this.#toJS();
  }

  /** Where a value's key stands, or the nearest thing around it that the file has. */
  locate(path: YamlPath): SourceLocation {
    let node: unknown = this.#document.contents;
    let offset: number | undefined;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      const found = this.#step(node, step);
      if (found === undefined) break;
      offset = isNode(found.place) ? (found.place.range?.[0] ?? offset) : offset;
      node = found.value;
    }
    return offset === undefined ? { file: this.file } : this.#at(offset);
  }

  #step(node: unknown, step: string | number): { place: unknown; value: unknown } | undefined {
    if (isSeq(node)) {
      const item = node.items[Number(step)];
      return item === undefined ? undefined : { place: item, value: item };
    }
    if (!isMap(node)) return undefined;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    return pair === undefined ? undefined : { place: pair.key, value: pair.value };
  }

  /** Aliases may point nowhere or multiply beyond measure; the parser only finds out here. */
  #toJS(): unknown {
    try {
      return this.#document.toJS() ?? {};
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw raise('SYNC_FILE_INVALID', { problem }, { at: { file: this.file }, cause: error });
    }
  }

  #at(offset: number): SourceLocation {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line, column: col };
  }
}
