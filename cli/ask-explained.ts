import { systemClock } from '../foundation/clock.ts';
import { createLog } from '../foundation/log.ts';
import { raise, TributaryError } from '../foundation/errors/tributary-error.ts';
import type { ExplainedOperation } from '../gateway/answer/explanation.ts';
import type { ProjectSettings } from './project-options.ts';

export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly operationName?: string;
}

export interface ExplainedAnswer {
  readonly errors: readonly AnsweredError[];
  /** Undefined when the question was refused before anything was known about it. */
  readonly explain: ExplainedOperation | undefined;
}

/** An error as GraphQL has it. */
export interface AnsweredError {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[];
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly hint?: string };
}

const headersOfQuestion = { 'content-type': 'application/json', 'x-tributary-explain': 'true' };

/** Asks the project in this process, over its own lake. */
export async function askInProcess(
  question: Question,
  settings: ProjectSettings,
): Promise<ExplainedAnswer> {
  const { openProjectSource } = await import('../gateway/project-source.ts');
  // Standard output is for the answer.
  const log = createLog({ level: 'warn', destination: process.stderr });
  const source = await openProjectSource({ ...settings, log, clock: systemClock }).catch(
    (error: unknown) => {
      throw withUrl(error, settings);
    },
  );
  try {
    const graph = await source.build();
    const { body } = await graph.answer({
      id: 'explain',
      method: 'POST',
      path: '/graphql',
      search: '',
      headers: headersOfQuestion,
      body: JSON.stringify(question),
      caller: { kind: 'anonymous' },
      signal: new AbortController().signal,
    });
    await graph.stop();
    return readAnswer(String(body));
  } finally {
    await source.close();
  }
}

/** Asks a server, which has to allow explanations to this caller. */
export async function askServer(
  question: Question,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<ExplainedAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, ...headersOfQuestion },
      body: JSON.stringify(question),
    });
    return readAnswer(await response.text());
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw raise('SERVER_NOT_ASKED', { url, problem }, { cause: error });
  }
}

/** A lake that is open elsewhere most likely belongs to a server that can be asked. */
function withUrl(error: unknown, { config }: ProjectSettings): unknown {
  if (!(error instanceof TributaryError) || error.code !== 'LAKE_LOCKED') return error;
  const { host, port, tls } = config.server;
  const url = `${tls === undefined ? 'http' : 'https'}://${host}:${port}/graphql`;
  return raise('LAKE_IN_USE', { problem: error.message, url }, { cause: error });
}

function readAnswer(json: string): ExplainedAnswer {
  const answer = JSON.parse(json) as {
    readonly errors?: readonly AnsweredError[];
    readonly extensions?: { readonly tributary?: { readonly explain?: ExplainedOperation } };
  };
  return {
    errors: answer.errors ?? [],
    explain: answer.extensions?.tributary?.explain,
  };
}
