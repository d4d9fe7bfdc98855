import { parse, validate, type GraphQLSchema } from 'graphql';
import type { HubAnswer } from '../../hub/hub.ts';
import type { TestHub } from '../../hub/testing/open-hub.ts';
import { answerOf, type ErrorPath, type Question } from './answer.ts';
import type { Argument } from './argument.ts';
import { allEntities, type Entity } from './catalog.ts';
import { differenceOf } from './compare.ts';
import type { Member } from './random-argument.ts';
import type { CursorDraft, QuestionDraft } from './random-question.ts';
import { branch, leaf, writeQuestion, type Selection } from './selection.ts';
import type { Value } from './value.ts';
import { plainSchema, type DecimalForm } from './wire.ts';
import { keyText, type Row, type World } from './world.ts';

/** The hub and the oracle, over the same rows. */
export interface Both {
  readonly hub: TestHub;
  readonly world: World;
  readonly schema: GraphQLSchema;
}

export function bothOf(hub: TestHub, world: World): Both {
  return { hub, world, schema: plainSchema(hub.hub.schema) };
}

/** A case of which the hub says something else than the oracle. */
export interface Disagreement {
  readonly question: Question;
  readonly difference: string;
  readonly expected: unknown;
  readonly found: HubAnswer;
}

/**
 * Asks both; undefined when they agree.
 *
 * @throws Undecided where the oracle cannot tell
 */
export async function disagreementOn(
  { roots, cursor, decimals }: QuestionDraft,
  both: Both,
): Promise<Disagreement | undefined> {
  const [root] = roots;
  const cursors = new Map<string, Row>();
  const placed: Member[] = [];
  if (cursor !== undefined && root !== undefined) {
    for (const [text, row] of await cursorsOf(root, both)) cursors.set(text, row);
    const texts = [...cursors.keys()];
    const text = texts[cursor.place % texts.length];
    if (text !== undefined) placed.push([cursor.argument, cursorArgument(cursor, text)]);
  }
  const question = writeQuestion(
    roots.map((each) => ({ ...each, given: [...each.given, ...placed] })),
  );
  const { world, schema } = both;
  const expected = answerOf(question, { world, schema, decimals, cursors });
  const found = await ask(question, decimals, both);
  const { unordered } = expected;
  const difference =
    differenceOf(
      { data: expected.data, errors: errorPlaces(expected.errorPaths, unordered) },
      { data: dataOf(found), errors: errorPlaces(pathsOf(found), unordered) },
      unordered,
    ) ?? misplacedIn(question, found);
  return difference === undefined ? undefined : { question, difference, expected, found };
}

/** Validates as a router does, then runs. */
function ask(
  { query, variables }: Question,
  decimals: DecimalForm,
  { hub }: Both,
): Promise<HubAnswer> {
  if (decimals === 'number') return hub.ask(query, variables);
  const errors = validate(hub.hub.schema, parse(query));
  if (errors.length > 0) return Promise.resolve({ data: null, errors });
  return hub.hub.execute({ query, variables, wire: { decimals } });
}

function dataOf({ data }: HubAnswer): unknown {
  return JSON.parse(JSON.stringify(data ?? null));
}

/** An error that is about no place in particular is told by its message. */
function pathsOf({ errors = [] }: HubAnswer): readonly ErrorPath[] {
  return errors.map(({ path, message }) => path ?? [message]);
}

/** Sorted, and without the numbers of items whose order is not settled. */
function errorPlaces(
  paths: readonly ErrorPath[],
  unordered: ReadonlySet<string>,
): readonly string[] {
  const places = paths.map((path) =>
    path.map((key, index) =>
      unordered.has(JSON.stringify(['data', ...path.slice(0, index - 1)])) ? '*' : key,
    ),
  );
  return places.map((place) => place.join('.')).toSorted();
}

/** Cursors of all rows of a page's list, in the order that it asks for. */
async function cursorsOf(
  { name, given }: Selection,
  both: Both,
): Promise<readonly (readonly [string, Row])[]> {
  const entity = allEntities.find(({ many }) => many === name);
  if (entity === undefined) throw new Error(`${name} is no list`);
  const edges = branch('edges', [leaf('cursor'), branch('node', entity.key.map(leaf))]);
  const orderBy = given.filter(([argument]) => argument === 'orderBy');
  const first: Argument = {
    kind: 'value',
    type: 'Int',
    form: 'literal',
    literal: '10000',
    json: 0,
  };
  const question = writeQuestion([branch(name, [edges], [...orderBy, ['first', first]])]);
  const { data, errors = [] } = await ask(question, 'string', both);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${question.query}: ${error.message}`);
  const list = data?.[name] as { readonly edges: readonly Edge[] };
  return list.edges.map(({ cursor, node }) => [cursor, rowOf(node, entity, both.world)]);
}

export interface Edge {
  readonly cursor: string;
  readonly node: Readonly<Record<string, Value>>;
}

export function rowOf(node: Edge['node'], entity: Entity, world: World): Row {
  const key = keyText(entity.key.map((name) => node[name] ?? null));
  const row = world.rows[entity.name].find((each) => each.key === key);
  if (row === undefined) throw new Error(`There is no ${entity.name} ${key}`);
  return row;
}

function cursorArgument({ isVariable }: CursorDraft, text: string): Argument {
  const form = isVariable ? 'variable' : 'literal';
  return { kind: 'value', type: 'String', form, literal: JSON.stringify(text), json: text };
}

/** What has to be true of cursors and ranks, which are otherwise the hub's own choice. */
function misplacedIn({ query }: Question, { data }: HubAnswer): string | undefined {
  const isRanked = query.includes('search:') && !query.includes('orderBy:');
  let problem: string | undefined;
  JSON.stringify(data, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'edges' in value) {
      problem ??= problemOf(value as Connection, isRanked);
    }
    return value;
  });
  return problem;
}

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly rank?: number | null }[];
  readonly pageInfo?: { readonly startCursor: string | null; readonly endCursor: string | null };
}

function problemOf({ edges, pageInfo }: Connection, isRanked: boolean): string | undefined {
  const cursors = edges.map(({ cursor }) => cursor);
  if (new Set(cursors).size < cursors.length) return 'two rows of a page have the same cursor';
  if (pageInfo !== undefined) {
    const ends = [cursors.at(0) ?? null, cursors.at(-1) ?? null];
    if (pageInfo.startCursor !== ends[0]) return 'startCursor is not that of the first edge';
    if (pageInfo.endCursor !== ends[1]) return 'endCursor is not that of the last edge';
  }
  const ranks = edges.flatMap(({ rank }) => (typeof rank === 'number' ? [rank] : []));
  if (isRanked && ranks.some((rank, index) => rank > (ranks[index - 1] ?? Infinity))) {
    return 'a better rank comes after a worse one';
  }
  return undefined;
}
