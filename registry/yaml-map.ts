import { readFile } from 'node:fs/promises';
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLMap,
} from 'yaml';
import { didYouMean } from '../foundation/errors/did-you-mean.ts';
import { fileProblem } from '../foundation/errors/file-problem.ts';
import {
  raise,
  type SourceLocation,
  type TributaryError,
} from '../foundation/errors/tributary-error.ts';

/** A value of a YAML file as text, and where it stands. */
export interface YamlText {
  readonly text: string;
  readonly location: SourceLocation;
}

/** A YAML mapping that knows where its keys and values stand, so that every mistake in it has a line and a column. */
export class YamlMap {
  /** Keys on the way here, joined by dots; empty at the top. */
  readonly path: string;
  readonly location: SourceLocation;
  readonly #source: YamlSource;
  readonly #node: YAMLMap;

  constructor(source: YamlSource, node: YAMLMap, path: string) {
    this.path = path;
    this.#source = source;
    this.#node = node;
    this.location = source.locate(node);
  }

  /** The keys in the order of the file. */
  keys(): readonly YamlText[] {
    return this.#node.items.map(({ key }) => ({
      text: isScalar(key) ? String(key.value) : '',
      location: this.#source.locate(key),
    }));
  }

  /** @throws SUPERGRAPH_CONFIG_UNKNOWN_KEY with the nearest of the known keys. */
  refuseKeysExcept(known: readonly string[]): void {
    for (const { text: key, location } of this.keys()) {
      if (known.includes(key)) continue;
      const place = this.path === '' ? 'The file' : this.path;
      const advice = didYouMean(key, known);
      throw raise('SUPERGRAPH_CONFIG_UNKNOWN_KEY', { place, key, advice }, { at: location });
    }
  }

  /** The scalar at `key`; undefined when there is no such key. */
  text(key: string): YamlText | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const isText = isScalar(value) && value.value !== null && value.value !== '';
    if (!isText) throw this.invalid(key, 'it has to be a text', 'Write a value behind the colon.');
    return { text: String(value.value), location: this.#source.locate(value) };
  }

  /** The mapping at `key`; undefined when there is no such key. */
  map(key: string): YamlMap | undefined {
    const value = this.#value(key);
    if (value === undefined) return undefined;
    const path = this.#pathOf(key);
    if (isMap(value)) return new YamlMap(this.#source, value, path);
    throw this.invalid(key, 'it has to hold keys and values', 'Indent them on the lines below it.');
  }

  /** An error about what stands at `key` or is missing there; without a key, about the whole mapping. */
  invalid(key: string | undefined, problem: string, advice: string): TributaryError {
    const name = key === undefined ? this.path : this.#pathOf(key);
    const at = this.keys().find(({ text }) => text === key)?.location ?? this.location;
    return raise('SUPERGRAPH_CONFIG_INVALID', { name, problem, advice }, { at });
  }

  #pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  #value(key: string): unknown {
    const pair = this.#node.items.find(
      (item) => isScalar(item.key) && String(item.key.value) === key,
    );
    return pair === undefined ? undefined : this.#source.resolve(pair.value);
  }
}

/**
 * The mapping that a YAML file consists of.
 * @throws SUPERGRAPH_CONFIG_UNREADABLE, SUPERGRAPH_CONFIG_SYNTAX
 */
export async function readYamlMap(file: string): Promise<YamlMap> {
  const source = new YamlSource(file, await readText(file));
  const root = source.document.contents;
  if (isMap(root)) return new YamlMap(source, root, '');
  throw raise(
    'SUPERGRAPH_CONFIG_SYNTAX',
    { problem: 'It holds no keys and values.' },
    { at: { file, line: 1, column: 1 } },
  );
}

class YamlSource {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly #lines = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    this.document = parseDocument(text, { lineCounter: this.#lines });
    const [error] = this.document.errors;
    if (error === undefined) return;
    const problem =
      error.code === 'DUPLICATE_KEY' ? 'A key stands there twice.' : firstLine(error.message);
    throw raise(
      'SUPERGRAPH_CONFIG_SYNTAX',
      { problem },
      { at: this.#at(error.pos[0]), cause: error },
    );
  }

  locate(node: unknown): SourceLocation {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? { file: this.file } : this.#at(offset);
  }

  resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  #at(offset: number): SourceLocation {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.file, line, column: col };
  }
}

/** The parser says the place again behind its message, and draws it below. */
function firstLine(message: string): string {
  return message.split(/ at line \d|\n/)[0] ?? message;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const problem = fileProblem(error);
    throw raise('SUPERGRAPH_CONFIG_UNREADABLE', { file, problem }, { cause: error });
  }
}
