import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, validate, type GraphQLSchema } from 'graphql';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../foundation/config/load-config.ts';
import { openProject } from '../gateway/open-project.ts';
import { checkValues } from '../hub/compile/check-values.ts';
import { compileOperation } from '../hub/compile/compile-operation.ts';
import { checkSelectionDepth } from '../hub/compile/selection-depth.ts';
import { OperationCache } from '../hub/execute/operation-cache.ts';
import { defaultLimits } from '../hub/limits.ts';
import { projectionsOf } from '../mapping/projection.ts';
import { completeScalars } from '../wire/scalars.ts';
import { median } from './measure/summary.ts';
import { projectDirectory } from './server-process.ts';

/** From the text of an operation that was never seen to its compiled form: parse, validate, compile. In this process. */
export interface CompileTimes {
  readonly operations: number;
  /** The very first operation, before anything is warm. */
  readonly coldMs: number;
  /** The median over all operations, each met for the first time, one after the other. */
  readonly firstMs: number;
  /** The median over all operations of their medians once compilers are warm. */
  readonly warmMs: number;
  /** The slowest of these. */
  readonly slowestWarmMs: number;
}

const warmUps = 200;
const runs = 101;

/** Measures the examples of `docs/asking.md`. Has to come before anything else that compiles operations here. */
export async function measureCompileTimes(): Promise<CompileTimes> {
  const texts = await readExamples();
  const compile = await prepareCompiler();
  const first = texts.map((text) => timeMs(() => compile(text)));
  for (let run = 0; run < warmUps; run++) for (const text of texts) compile(text);
  const warm = texts.map((text) =>
    median(Array.from({ length: runs }, () => timeMs(() => compile(text)))),
  );
  return {
    operations: texts.length,
    coldMs: first[0] ?? Number.NaN,
    firstMs: median(first),
    warmMs: median(warm),
    slowestWarmMs: Math.max(...warm),
  };
}

async function readExamples(): Promise<readonly string[]> {
  const page = await readFile(join(projectDirectory, 'docs', 'asking.md'), 'utf8');
  const examples = Array.from(page.matchAll(/^```graphql\n(.*?)^```$/gms), ([, text = '']) => text);
  if (examples.length === 0) throw new Error('docs/asking.md has no examples.');
  return examples;
}

/** What gateway and hub do with a new operation that the hub can answer. */
async function prepareCompiler(): Promise<(text: string) => void> {
  const environment = {};
  const config = loadConfig({ projectDirectory, environment });
  const { hubSchema } = await openProject({ projectDirectory, config, environment });
  if (hubSchema === undefined) throw new Error('The project has no hub.');
  const schema = buildSubgraphSchema({ typeDefs: hubSchema.document });
  completeScalars(schema);
  const projections = projectionsOf(hubSchema.model);
  return (text) => {
    // A cache of its own each time: nothing that was compiled before helps.
    new OperationCache({
      capacity: 1,
      check: (document) => {
        checkWhole(document, schema);
        checkValues(document, schema);
      },
      compile: (operation) => {
        checkSelectionDepth(operation, defaultLimits);
        return compileOperation(operation, hubSchema, schema, projections);
      },
    }).prepare(text, undefined, {});
  };
}

function checkWhole(document: Parameters<typeof validate>[1], schema: GraphQLSchema): void {
  const [error] = validate(schema, document);
  if (error !== undefined) throw new GraphQLError(`An example is not valid: ${error.message}`);
}

function timeMs(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
