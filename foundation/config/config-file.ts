import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import { fileProblem } from '../errors/file-problem.ts';
import { raise, type SourceLocation } from '../errors/tributary-error.ts';
import { isSection, type RawSettings, type SettingsLayer } from './settings-layer.ts';

export const configFileName = 'tributary.yaml';

/**
 * The settings of the project's `tributary.yaml`; none when there is no such file.
 * @throws CONFIG_UNREADABLE, CONFIG_SYNTAX, CONFIG_INVALID when the file is no mapping.
 */
export function readConfigFileLayer(projectDirectory: string): SettingsLayer {
  const file = join(projectDirectory, configFileName);
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines });
  const at = (offset: number): SourceLocation => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    const problem = syntaxError.message.split(/ at line \d/)[0] ?? syntaxError.message;
    throw raise('CONFIG_SYNTAX', { problem }, { at: at(syntaxError.pos[0]), cause: syntaxError });
  }
  return {
    settings: readSettings(document, file),
    describeSource: () => `in ${configFileName}`,
    locate: (path) => {
      const offset = offsetOf(document, path);
      return offset === undefined ? { file } : at(offset);
    },
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw raise('CONFIG_UNREADABLE', { file, problem: fileProblem(error) }, { cause: error });
  }
}

function readSettings(document: Document.Parsed, file: string): RawSettings {
  const value: unknown = toJS(document, file) ?? {};
  if (!isSection(value)) {
    const problem = 'is not valid: it holds no sections with settings, but something else';
    throw raise(
      'CONFIG_INVALID',
      {
        setting: configFileName,
        problem,
        meaning: 'See docs/config.schema.json.',
      },
      { at: { file, line: 1, column: 1 } },
    );
  }
  return withoutNulls(value);
}

/** Aliases may point nowhere or multiply beyond measure; the parser only finds out here. */
function toJS(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw raise(
      'CONFIG_SYNTAX',
      { problem: error instanceof Error ? error.message : String(error) },
      { at: { file }, cause: error },
    );
  }
}

/** A section or setting with nothing behind its colon, perhaps because all of it is commented out, sets nothing. */
function withoutNulls(section: RawSettings): RawSettings {
  const kept = Object.entries(section).filter(([, value]) => value !== null);
  return Object.fromEntries(
    kept.map(([name, value]) => [name, isSection(value) ? withoutNulls(value) : value]),
  );
}

/** Where the key at the end of `path` stands; for a path that the file does not reach, its nearest section. */
function offsetOf(document: Document.Parsed, path: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const name of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
    if (pair === undefined) break;
    offset = isNode(pair.key) ? pair.key.range?.[0] : offset;
    node = pair.value;
  }
  return offset;
}
