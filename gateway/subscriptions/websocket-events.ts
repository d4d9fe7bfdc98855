import { createClient, type Client, type SubscribePayload } from 'graphql-ws';
import { WebSocket } from 'ws';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { checkAnswer } from '../fetch/check-answer.ts';
import { BoundedQueue } from './bounded-queue.ts';
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

/** So many events wait for a slow reader at most, apart from those that one read of the connection brought. */
const mostWaiting = 64;

/**
 * Subscribes by the protocol of graphql-ws (`graphql-transport-ws`), over a connection of its own.
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 *
 * @throws SUBGRAPH_UNREACHABLE, SUBGRAPH_TIMEOUT
 */
export async function openWebSocketEvents(
  owner: RemoteOwner,
  options: RemoteOptions,
): Promise<RemoteOpened> {
  const { subgraph, schema } = owner;
  const { root, signal, exactNumbers } = options;
  let socket: WebSocket | undefined;
  const queue = new BoundedQueue<RootEvent>({
    limit: mostWaiting,
    onFull: () => socket?.pause(),
    onRoom: () => socket?.resume(),
  });
  const { client, connected } = connect(owner, options, (opened) => (socket = opened));
  const close = (): void => {
    queue.end();
    // A paused connection would not see its own end.
    socket?.resume();
    void client.dispose();
    socket?.terminate();
  };
  signal.addEventListener('abort', close, { once: true });
  const fail = (errors: NonNullable<RootEvent['answer']['errors']>): void => {
    queue.push({ answer: { errors }, exactNumbers });
    queue.end();
  };
  const stop = client.subscribe(exactNumbers.read(root.body) as SubscribePayload, {
    next(result) {
      const answer = readResult(result);
      if (answer?.data === undefined) {
        fail(answer?.errors ?? [lost(subgraph, 'it sent an event that is no result')]);
        close();
        return;
      }
      const { query } = root;
      const checked = checkAnswer(answer, { subgraph, schema: schema(), query, exactNumbers });
      queue.push({ answer: checked, exactNumbers });
    },
    error(error) {
      const answer = Array.isArray(error) ? readResult({ errors: error }) : undefined;
      fail(answer?.errors ?? [lost(subgraph, 'its connection broke')]);
    },
    complete: () => queue.end(),
  });
  try {
    await untilConnected(connected, owner, signal);
  } catch (error) {
    close();
    throw error;
  }
  return { kind: 'opened', events: events() };

  async function* events(): AsyncGenerator<RootEvent> {
    try {
      yield* queue;
    } finally {
      signal.removeEventListener('abort', close);
      stop();
      close();
    }
  }
}

function untilConnected(
  connected: Promise<void>,
  { subgraph, timeoutMs }: RemoteOwner,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown): void =>
      reject(raise('SUBGRAPH_UNREACHABLE', { subgraph }, { cause }));
    const timer = setTimeout(
      () => reject(raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs })),
      timeoutMs,
    );
    const abort = (): void => fail();
    signal.addEventListener('abort', abort, { once: true });
    const stop = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    connected.then(resolve, fail).finally(stop);
  });
}

interface Connection {
  readonly client: Client;
  /** Settles when the subgraph has greeted us, or the connection has failed. */
  readonly connected: Promise<void>;
}

function connect(
  { url, timeoutMs, heartbeatMs }: RemoteOwner,
  { request, exactNumbers }: RemoteOptions,
  onSocket: (socket: WebSocket) => void,
): Connection {
  const headers = subscriptionHeaders(request);
  class UpstreamSocket extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, {
        headers,
        maxPayload: maximumEventBytes,
        handshakeTimeout: timeoutMs,
        perMessageDeflate: false,
        followRedirects: false,
      });
      onSocket(this);
    }

    // The client of graphql-ws parses what comes and writes what goes, by which digits would be lost.
    override emit(event: string | symbol, ...details: readonly unknown[]): boolean {
      if (event !== 'message') return super.emit(event, ...details);
      const [message, ...others] = details;
      const text = String(message);
      const marked = exactNumbers.mark(text);
      return super.emit(event, marked === text ? message : Buffer.from(marked), ...others);
    }

    override send(text: string): void {
      super.send(exactNumbers.write(text));
    }
  }
  let silence: NodeJS.Timeout | undefined;
  let settle: { readonly done: () => void; readonly fail: (error: unknown) => void };
  const connected = new Promise<void>((done, fail) => (settle = { done, fail }));
  connected.catch(() => undefined);
  const client = createClient({
    url,
    webSocketImpl: UpstreamSocket,
    retryAttempts: 0,
    keepAlive: heartbeatMs,
    connectionAckWaitTimeout: timeoutMs,
    on: {
      connected: () => settle.done(),
      error: (error) => settle.fail(error),
      closed: (event) => {
        clearTimeout(silence);
        settle.fail(event);
      },
      ping: (isReceived) => {
        if (!isReceived) silence = setTimeout(() => client.terminate(), heartbeatMs);
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(silence);
      },
    },
  });
  return { client, connected };
}
