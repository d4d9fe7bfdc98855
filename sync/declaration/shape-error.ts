import type { z } from 'zod';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { raise, type TributaryError } from '../../foundation/errors/tributary-error.ts';
import { declarationJsonSchema } from './declaration-schema.ts';
import type { YamlDocument, YamlPath } from './yaml-document.ts';

/** The error for what is wrong with the shape of a file. An unknown key first: it is often the cause of the rest. */
export function shapeError(
  issues: readonly z.core.$ZodIssue[],
  document: YamlDocument,
): TributaryError {
  const found = issues.flatMap((issue) => flatten(issue, []));
  const unknown = found.find(({ issue }) => issue.code === 'unrecognized_keys');
  if (unknown?.issue.code === 'unrecognized_keys') {
    const [key = ''] = unknown.issue.keys;
    const place = unknown.path.length === 0 ? 'The file' : unknown.path.join('.');
    const advice = didYouMean(key, keysBelow(unknown.path));
    return raise(
      'SYNC_KEY_UNKNOWN',
      { place, key, advice },
      { at: document.locate([...unknown.path, key]) },
    );
  }
  const [first] = found;
  const path = first?.path ?? [];
  const problem = (first?.issue.message ?? 'it is not valid').replace(/^Invalid input: /, '');
  const setting = path.length === 0 ? 'The file' : path.join('.');
  return raise('SYNC_SETTING_INVALID', { setting, problem }, { at: document.locate(path) });
}

interface FoundIssue {
  readonly issue: z.core.$ZodIssue;
  readonly path: YamlPath;
}

/** Of the ways in which a value may be written, what is wrong with the one that was meant: that got the furthest. */
function flatten(issue: z.core.$ZodIssue, above: YamlPath): readonly FoundIssue[] {
  const path = [
    ...above,
    ...issue.path.map((step) => (typeof step === 'number' ? step : String(step))),
  ];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const meant = issue.errors.find((branch) =>
    branch.some(({ code, path: below }) => code === 'unrecognized_keys' || below.length > 0),
  );
  return meant === undefined ? [{ issue, path }] : meant.flatMap((below) => flatten(below, path));
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

function keysBelow(path: YamlPath): readonly string[] {
  let nodes: readonly SchemaNode[] = [declarationJsonSchema() as SchemaNode];
  for (const step of path) nodes = nodes.flatMap((node) => stepInto(node, step));
  return nodes.flatMap(alternatives).flatMap(({ properties }) => Object.keys(properties ?? {}));
}

function stepInto(node: SchemaNode, step: string | number): readonly SchemaNode[] {
  return alternatives(node).flatMap(({ properties, additionalProperties, items }) => {
    if (typeof step === 'number') return items === undefined ? [] : [items];
    const own =
      properties !== undefined && Object.hasOwn(properties, step) ? properties[step] : undefined;
    if (own !== undefined) return [own];
    return typeof additionalProperties === 'object' ? [additionalProperties] : [];
  });
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(alternatives);
}
