import type { IncomingHttpHeaders } from 'node:http';
import {
  GraphQLError,
  parse,
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLFormattedError,
} from 'graphql';
import { makeServer, type Context, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Caller } from '../../access/caller.ts';
import { watchCaller } from '../../access/watch-caller.ts';
import { ExactNumbers } from '../../wire/exact-numbers.ts';
import type { Clock } from '../../foundation/clock.ts';
import type { Config } from '../../foundation/config/schema.ts';
import { raise, TributaryError } from '../../foundation/errors/tributary-error.ts';
import type { Log } from '../../foundation/log.ts';
import { systemScheduler as scheduler } from '../../foundation/scheduler.ts';
import { stringifyNested } from '../limits/check-nesting.ts';
import type { CurrentGraph } from '../graph/current-graph.ts';
import { clientCodeOf, logFailure, toClientError } from '../http/client-error.ts';
import type { FrontRequest } from '../http/route.ts';
import type { OpenSocket, SocketRoute } from '../http/websockets.ts';
import { credentialOf } from './socket-credential.ts';
import { BrokenOffError, RunningOperation } from './running-operation.ts';
import { startOperation } from './started-operation.ts';
import { keepAlive } from './socket-life.ts';

interface SocketRouteOptions {
  readonly path: string;
  readonly current: CurrentGraph;
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Operations over WebSockets, by the protocol of graphql-ws. Who is asking is said by a header of the request for the
 * WebSocket, or by the parameters of the connection; it has to hold for each operation, and as long as one runs.
 * https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
 */
export function graphqlSocketRoute(options: SocketRouteOptions): SocketRoute {
  const { path } = options;
  return {
    path,
    protocol: 'graphql-transport-ws',
    open: (opened) => new GraphqlSocket(opened, options).serve(),
  };
}

/** How long a client may take to greet. */
const greetingMs = 10_000;

/** So much of what a client does not read is kept for it before it is cut off. */
const maximumUnreadBytes = 16 * 1024 * 1024;

/** graphql-ws picks by its kind who runs an operation; all of ours are run in one way. */
const anyOperation = parse('subscription { any }', { noLocation: true });

type Hooks = ServerOptions<Record<string, unknown>, undefined>;
type SocketContext = Context<Record<string, unknown>, undefined>;

/** An operation as it was sent. */
interface Sent {
  readonly payload: SubscribePayload;
  readonly id: string;
  readonly caller: Caller;
  readonly signal: AbortSignal;
}

/** One connection, and the operations that are under way over it. */
class GraphqlSocket {
  readonly #opened: OpenSocket;
  readonly #options: SocketRouteOptions;
  readonly #running = new Set<RunningOperation>();
  /** graphql-ws parses what comes and writes what goes, by which digits would be lost. */
  readonly #exactNumbers = new ExactNumbers();
  /** Errors as they are sent, by those that graphql-ws hands on. */
  readonly #formatted = new WeakMap<GraphQLError, GraphQLFormattedError>();
  /** In the place of what the request for the WebSocket carried. */
  #credential: IncomingHttpHeaders = {};
  #stopWatch: () => void = () => undefined;
  #operations = 0;
  #onIdleChange: (isIdle: boolean) => void = () => undefined;

  constructor(opened: OpenSocket, options: SocketRouteOptions) {
    this.#opened = opened;
    this.#options = options;
  }

  serve(): void {
    const { socket } = this.#opened;
    const { config } = this.#options;
    const { onIdleChange, stop } = keepAlive(socket, {
      heartbeatMs: config.events.heartbeatMs,
      idleTimeoutMs: config.webSockets.idleTimeoutMs,
    });
    this.#onIdleChange = onIdleChange;
    const closed = makeServer<Record<string, unknown>, undefined>(this.#hooks()).opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, this.#exactNumbers.write(text)),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) => {
          socket.on('message', (message: Buffer) => {
            const text = this.#exactNumbers.mark(message.toString('utf8'));
            take(text).catch((error: unknown) => this.#giveUp(error));
          });
        },
      },
      undefined,
    );
    socket.once('close', (code, reason) => {
      stop();
      this.#endAll();
      void closed(code, reason.toString('utf8'));
    });
  }

  #hooks(): Hooks {
    return {
      connectionInitWaitTimeout: greetingMs,
      onConnect: ({ connectionParams }) => this.#greet(connectionParams),
      onSubscribe: (context, _id, payload) => this.#start(context, payload),
      subscribe: ({ contextValue }) =>
        (contextValue as RunningOperation).results() as unknown as AsyncGenerator<ExecutionResult>,
      onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
      onError: (_context, _id, _payload, errors) =>
        errors.flatMap((error): readonly GraphQLFormattedError[] => {
          if (error.originalError instanceof BrokenOffError) return error.originalError.errors;
          return [this.#formatted.get(error) ?? this.#describe(error)];
        }),
    };
  }

  async #greet(parameters: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const credential = credentialOf(parameters);
    if (credential !== undefined) {
      this.#credential = { authorization: undefined, 'x-api-key': undefined, ...credential };
    }
    try {
      this.#watch(await this.#identify());
      return true;
    } catch (error) {
      this.#forbid(error);
      return false;
    }
  }

  #identify(): Promise<Caller> {
    return this.#opened.identify(this.#credential);
  }

  /** What a server cannot check now it may check with the next operation; everything else is the end. */
  async #identifyAgain(): Promise<Caller> {
    try {
      return await this.#identify();
    } catch (error) {
      const isUnchecked = error instanceof TributaryError && error.code === 'KEY_SET_UNAVAILABLE';
      if (!isUnchecked) this.#forbid(error);
      throw error;
    }
  }

  #watch(caller: Caller): void {
    const { socket } = this.#opened;
    if (socket.readyState !== socket.OPEN) return;
    this.#stopWatch = watchCaller({
      caller,
      identify: () => this.#identify(),
      onRefused: (error) => this.#forbid(error),
      clock: this.#options.clock,
      scheduler,
    });
  }

  /** Ends all that goes on for a caller who is not let in. */
  #forbid(error: unknown): void {
    const { extensions, message } = toClientError(error, this.#opened.id);
    this.#opened.socket.close(4403, `${extensions.code}: ${message}`.slice(0, 120));
    this.#endAll();
  }

  #endAll(): void {
    this.#stopWatch();
    for (const operation of this.#running) operation.end();
  }

  async #start(
    { subscriptions }: SocketContext,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { maxOperations } = this.#options.config.webSockets;
    const id = `${this.#opened.id}.${++this.#operations}`;
    const observed = this.#opened.beginOperation(id);
    const operation = new RunningOperation(this.#exactNumbers, (ended) => {
      this.#running.delete(ended);
      observed.end();
      this.#onIdleChange(this.#running.size === 0);
    });
    this.#onIdleChange(false);
    try {
      if (Object.keys(subscriptions).length > maxOperations) {
        throw raise('OPERATIONS_EXHAUSTED', { limit: maxOperations });
      }
      this.#running.add(operation);
      const caller = await this.#identifyAgain();
      const started = await startOperation({
        current: this.#options.current,
        request: {
          ...this.#requestOf({ payload, id, caller, signal: operation.signal }),
          ...observed.carried,
        },
        timeoutMs: this.#options.config.server.requestTimeoutMs,
        exactNumbers: this.#exactNumbers,
      });
      if (started.kind === 'refused') {
        operation.end();
        return started.errors.map((error) => this.#keep(error));
      }
      operation.run(started, started.kind === 'events' ? this.#opened.openStream() : undefined);
      return { schema: undefined as never, document: anyOperation, contextValue: operation };
    } catch (error) {
      observed.carried.noteFacts?.({ errorCodes: [clientCodeOf(causeOf(error))] });
      operation.end();
      return [this.#keep(this.#describe(error))];
    }
  }

  #requestOf({ payload, id, caller, signal }: Sent): FrontRequest {
    const { headers } = this.#opened;
    return {
      id,
      method: 'POST',
      path: this.#options.path,
      search: '',
      headers: { ...headers, 'content-type': 'application/json', accept: '*/*' },
      body: this.#exactNumbers.write(stringifyNested(payload, 'The JSON of the request')),
      caller,
      signal,
    };
  }

  #keep(formatted: GraphQLFormattedError): GraphQLError {
    const error = new GraphQLError(formatted.message);
    this.#formatted.set(error, formatted);
    return error;
  }

  #describe(error: unknown): GraphQLFormattedError {
    const cause = causeOf(error);
    logFailure(this.#options.log, cause, this.#opened.id);
    const { message, extensions } = toClientError(cause, this.#opened.id);
    return { message, extensions: { ...extensions } };
  }

  /** What a client sends that is no message of the protocol, and what nobody foresaw. */
  #giveUp(error: unknown): void {
    if (error instanceof TributaryError) logFailure(this.#options.log, error, this.#opened.id);
    this.#opened.socket.close(4400, 'Invalid message received');
  }
}

function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? (error.originalError ?? error) : error;
}

/** Settles when the client's side has taken the text, so that a slow one is sent one result after the other. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.bufferedAmount > maximumUnreadBytes) socket.terminate();
  return new Promise((resolve) => {
    // What could not be sent is lost with its connection, which says so itself.
    socket.send(text, () => resolve());
  });
}
