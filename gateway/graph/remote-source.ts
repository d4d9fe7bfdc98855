import { raise } from '../../foundation/errors/tributary-error.ts';
import { decimalsHeader } from './request-context.ts';
import type { SubgraphAnswer, SubgraphFetch } from './guarded-source.ts';

/** Bytes that a remote subgraph may answer with: more is no answer but an accident. */
const maximumAnswerBytes = 64 * 1024 * 1024;

/** Asks a federation server over HTTP (GraphQL over HTTP, POST with JSON). */
export async function fetchRemote(
  subgraph: string,
  url: string,
  { query, operationName, variables, context, signal }: SubgraphFetch,
): Promise<SubgraphAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    signal,
    redirect: 'error',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'x-request-id': context.requestId,
      [decimalsHeader]: context.wire.decimals,
    },
    body: JSON.stringify({
      query,
      variables,
      ...(operationName === undefined ? {} : { operationName }),
    }),
  }).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason;
    throw raise('SUBGRAPH_UNREACHABLE', { subgraph }, { cause: error });
  });
  const answer = parseAnswer(await readText(response, subgraph, signal));
  if (answer === undefined) throw raise('SUBGRAPH_ANSWER_INVALID', { subgraph });
  return answer;
}

async function readText(
  response: Response,
  subgraph: string,
  signal: AbortSignal,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let sizeBytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maximumAnswerBytes) break;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw raise('SUBGRAPH_UNREACHABLE', { subgraph }, { cause: error });
  }
  if (sizeBytes > maximumAnswerBytes) throw raise('SUBGRAPH_ANSWER_INVALID', { subgraph });
  return text + decoder.decode();
}

function parseAnswer(text: string): SubgraphAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isAnswer(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is SubgraphAnswer {
  if (typeof value !== 'object' || value === null) return false;
  const { data, errors } = value as { readonly data?: unknown; readonly errors?: unknown };
  const hasData = typeof data === 'object' && !Array.isArray(data);
  const hasErrors = Array.isArray(errors) && errors.every(isErrorObject);
  return (hasData && (errors === undefined || hasErrors)) || (data === undefined && hasErrors);
}

function isErrorObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'message' in value;
}
