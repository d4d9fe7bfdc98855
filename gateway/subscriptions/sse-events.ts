import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { checkAnswer } from '../fetch/check-answer.ts';
import type { RootEvent } from './event-source.ts';
import {
  lost,
  maximumEventBytes,
  readResult,
  subscriptionHeaders,
  type RemoteOpened,
  type RemoteOptions,
  type RemoteOwner,
} from './remote-subscription.ts';
import { parseJson } from '../../foundation/json-object.ts';

/**
 * Subscribes by GraphQL over SSE in its distinct connections mode. Events are read as they are taken, so that a slow
 * reader slows down the sender.
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md
 *
 * @throws SUBGRAPH_UNREACHABLE, SUBGRAPH_TIMEOUT, SUBGRAPH_ANSWER_INVALID
 */
export async function openSseEvents(
  owner: RemoteOwner,
  options: RemoteOptions,
): Promise<RemoteOpened> {
  const response = await send(owner, options);
  const type = response.headers['content-type'] ?? 'no content type';
  if (response.statusCode === 200 && type.startsWith('text/event-stream')) {
    return { kind: 'opened', events: events(response, owner, options) };
  }
  const text = await readText(response);
  const answer = readResult(parseJson(text));
  if (answer?.errors === undefined || answer.errors.length === 0) {
    const cause = new Error(`status ${response.statusCode}, ${type}: ${text.slice(0, 200)}`);
    throw raise('SUBGRAPH_ANSWER_INVALID', { subgraph: owner.subgraph }, { cause });
  }
  const status = response.statusCode ?? 500;
  return { kind: 'failed', errors: answer.errors, isOfCaller: status < 500 };
}

/** Not by `fetch`, which gives up on a body that is silent for five minutes. */
function send(
  { subgraph, url, timeoutMs }: RemoteOwner,
  { root: { body }, request, signal }: RemoteOptions,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
      method: 'POST',
      signal,
      headers: {
        ...subscriptionHeaders(request),
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        accept: 'text/event-stream',
      },
    });
    const timer = setTimeout(() => {
      reject(raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs }));
      sent.destroy();
    }, timeoutMs);
    sent.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // Also after the answer has begun: then the body breaks off, and its reader says so.
    sent.on('error', (cause) => {
      clearTimeout(timer);
      reject(raise('SUBGRAPH_UNREACHABLE', { subgraph }, { cause }));
    });
    sent.end(body);
  });
}

/** Ends with `complete`; a stream that ends without has an error for its last event. */
async function* events(
  response: IncomingMessage,
  { subgraph, schema }: RemoteOwner,
  { root: { query }, signal, exactNumbers }: RemoteOptions,
): AsyncGenerator<RootEvent> {
  let problem = 'its connection ended';
  try {
    for await (const { event, data } of readMessages(response)) {
      if (event === 'complete') return;
      if (event !== 'next') continue;
      const answer = readResult(parseJson(exactNumbers.mark(data)));
      if (answer === undefined) {
        problem = 'it sent an event that is no result';
        break;
      }
      const checked = checkAnswer(answer, { subgraph, schema: schema(), query, exactNumbers });
      yield { answer: checked, exactNumbers };
      if (answer.data === undefined) return;
    }
  } catch (error) {
    problem = error instanceof EventTooLarge ? error.message : 'its connection broke';
  } finally {
    response.destroy();
  }
  if (signal.aborted) return;
  yield { answer: { errors: [lost(subgraph, problem)] } };
}

class EventTooLarge extends Error {
  constructor() {
    super(`it sent an event of more than ${maximumEventBytes} bytes`);
  }
}

async function* readMessages(response: IncomingMessage): AsyncGenerator<EventSourceMessage> {
  let messages: EventSourceMessage[] = [];
  let pendingBytes = 0;
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  const decoder = new TextDecoder();
  for await (const chunk of response as AsyncIterable<Buffer>) {
    pendingBytes += chunk.length;
    if (pendingBytes > maximumEventBytes) throw new EventTooLarge();
    parser.feed(decoder.decode(chunk, { stream: true }));
    if (messages.length === 0) continue;
    pendingBytes = 0;
    const complete = messages;
    messages = [];
    yield* complete;
  }
}

const longestRefusal = 1024 * 1024;

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > longestRefusal) break;
  }
  return text;
}
