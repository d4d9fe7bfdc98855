import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { identityShapes } from '../ledger/identity-shape.ts';
import { buildLakeModel } from './build-lake-model.ts';
import { projectionsOf } from './projection.ts';
import { readDomain } from './read-domain.ts';
import { parseSchema } from './schema-source.ts';
import { tableDefinitions } from './tables.ts';
import { errorOf } from './testing/inline-domain.ts';

interface Example {
  readonly section: string;
  readonly subgraph: string;
  readonly isRemote: boolean;
  /** The code of the error that the example is to give; undefined when it is right. */
  readonly refusedWith: string | undefined;
  readonly sdl: string;
}

const page = readFileSync(new URL('../docs/mapping.md', import.meta.url), 'utf8');
const [head, ...blocks] = blocksOf(page);
const examples = blocks.map(readExample);
const sections = [...new Set(examples.map(({ section }) => section))];

function blocksOf(text: string): readonly { section: string; body: string }[] {
  return text.split(/^#{2,3} /m).flatMap((part) => {
    const section = part.slice(0, part.indexOf('\n'));
    return [...part.matchAll(/^```graphql\n(.*?)^```$/gms)].map(([, body = '']) => ({
      section,
      body,
    }));
  });
}

function readExample({ section, body }: { section: string; body: string }): Example {
  const match = /^# (remote )?([a-z]+)\n(?:# refused: (\w+)\n)?/.exec(body);
  if (match === null) throw new Error(`An example under "${section}" names no subgraph.`);
  const [, remote, subgraph = '', refusedWith] = match;
  const sdl = `${head?.body}\n${body}`;
  return { section, subgraph, isRemote: remote !== undefined, refusedWith, sdl };
}

/** Reads examples up to the tables and projections that they lead to, and to what can be changed. */
function readAll(chosen: readonly Example[]): void {
  const [remotes, domains] = [true, false].map((isRemote) =>
    chosen.filter((example) => example.isRemote === isRemote),
  );
  const model = buildLakeModel(
    (domains ?? []).map(({ subgraph, sdl }) => readDomain(subgraph, sdl, `${subgraph}.graphql`)),
    (remotes ?? []).map(({ subgraph, sdl }) => ({
      name: subgraph,
      document: parseSchema(sdl, subgraph),
    })),
  );
  tableDefinitions(model);
  projectionsOf(model);
  identityShapes(model);
}

/** The right examples of a section, less those of the subgraphs that another example takes the place of. */
function rightOnes(section: string, except: string): readonly Example[] {
  return examples.filter(
    (example) =>
      example.section === section &&
      example.refusedWith === undefined &&
      example.subgraph !== except,
  );
}

it('finds the examples', () => {
  expect(examples.length).toBeGreaterThan(25);
  expect(examples.filter(({ refusedWith }) => refusedWith !== undefined).length).toBeGreaterThan(9);
});

describe('docs/mapping.md', () => {
  it.each(sections)('can be followed: %s', (section) => {
    expect(() => readAll(rightOnes(section, ''))).not.toThrow();
  });

  it.each(examples.filter(({ refusedWith }) => refusedWith !== undefined))(
    'shows a mistake under "$section" that is $refusedWith',
    (example) => {
      const error = errorOf(() =>
        readAll([...rightOnes(example.section, example.subgraph), example]),
      );
      expect(error.code).toBe(example.refusedWith);
    },
  );

  it.each(examples)(
    'has an example for $subgraph under "$section" that federation takes',
    ({ sdl }) => {
      expect(() => buildSubgraphSchema(parse(sdl))).not.toThrow();
    },
  );
});
