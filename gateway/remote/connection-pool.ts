import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { raise } from '../../foundation/errors/tributary-error.ts';
import { acceptedEncodings, readResponse, TooManyBytes } from './read-response.ts';
import { RemoteFailure, type FailureKind } from './remote-failure.ts';
import type { RemoteResponse, Send } from './remote-request.ts';
import type { RemoteSettings } from './remote-settings.ts';

interface PoolOptions {
  readonly subgraph: string;
  readonly url: URL;
  readonly settings: RemoteSettings;
}

/** Connections to one remote subgraph, which are kept for the next request. */
export interface ConnectionPool {
  readonly send: Send;
  /** Ends all connections, also those in use. */
  readonly close: () => Promise<void>;
}

export function connectionPool({ subgraph, url, settings }: PoolOptions): ConnectionPool {
  const pool = new Pool(url.origin, {
    connections: settings.maxConcurrent,
    pipelining: 1,
    keepAliveTimeout: settings.keepAliveMs,
    // The subgraph may ask for less, not for more.
    keepAliveMaxTimeout: settings.keepAliveMs,
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyTimeoutMs,
    connect: { timeout: settings.connectTimeoutMs, ...settings.tls },
  });
  const path = url.pathname + url.search;
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const { signal, body } = request;
        const headers = { ...fixedHeaders, ...request.headers };
        const exchange = new PoolExchange(subgraph, settings, signal, resolve, reject);
        pool.dispatch({ path, method: 'POST', headers, body }, exchange);
      }),
    close: () => pool.destroy(),
  };
}

const fixedHeaders = {
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
  'accept-encoding': acceptedEncodings,
};

/** One request on its way, as undici tells of it. */
class PoolExchange implements Dispatcher.DispatchHandler {
  readonly #subgraph: string;
  readonly #settings: RemoteSettings;
  readonly #signal: AbortSignal;
  readonly #resolve: (response: RemoteResponse) => void;
  readonly #reject: (error: unknown) => void;
  #stop: ((reason: Error) => void) | undefined;
  #status = 0;
  #headers: Readonly<Record<string, string | string[] | undefined>> = {};
  readonly #chunks: Buffer[] = [];
  #sizeBytes = 0;

  constructor(
    subgraph: string,
    settings: RemoteSettings,
    signal: AbortSignal,
    resolve: (response: RemoteResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#subgraph = subgraph;
    this.#settings = settings;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = (): void => {
    this.#stop?.(this.#signal.reason as Error);
    this.#reject(this.#signal.reason);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#stop = (reason) => controller.abort(reason);
    if (this.#signal.aborted) this.#abort();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    // A redirected POST may lose its body, and would take the request to a place that nobody configured.
    if (status >= 300 && status < 400 && headers['location'] !== undefined) {
      controller.abort(new Error(`a redirect (status ${status})`));
    } else if (Number(headers['content-length']) > this.#settings.maxAnswerBytes) {
      controller.abort(new TooManyBytes(this.#settings.maxAnswerBytes));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > this.#settings.maxAnswerBytes) {
      this.#chunks.length = 0;
      controller.abort(new TooManyBytes(this.#settings.maxAnswerBytes));
    } else {
      this.#chunks.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#settle();
    const received = { status: this.#status, headers: this.#headers, chunks: this.#chunks };
    readResponse(received, this.#settings.maxAnswerBytes).then(this.#resolve, (error: unknown) =>
      this.#reject(this.#toFailure(error)),
    );
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#settle();
    this.#reject(this.#signal.aborted ? this.#signal.reason : this.#toFailure(error));
  }

  #settle(): void {
    this.#signal.removeEventListener('abort', this.#abort);
    this.#stop = undefined;
  }

  #toFailure(cause: unknown): RemoteFailure {
    const subgraph = this.#subgraph;
    const { maxAnswerBytes, headersTimeoutMs, bodyTimeoutMs } = this.#settings;
    if (cause instanceof TooManyBytes) {
      const limitBytes = maxAnswerBytes;
      return new RemoteFailure(
        'lasting',
        raise('SUBGRAPH_ANSWER_TOO_LARGE', { subgraph, limitBytes }),
      );
    }
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
      const isSilent = code === 'UND_ERR_HEADERS_TIMEOUT';
      const timeoutMs = isSilent ? headersTimeoutMs : bodyTimeoutMs;
      const error = raise('SUBGRAPH_TIMEOUT', { subgraph, timeoutMs }, { cause });
      return new RemoteFailure(isSilent ? 'silence' : 'lasting', error);
    }
    const kind: FailureKind = this.#status === 0 && isOfConnection(code) ? 'connection' : 'lasting';
    return new RemoteFailure(kind, raise('SUBGRAPH_UNREACHABLE', { subgraph }, { cause }));
  }
}

const connectionCodes: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** Not a certificate that does not hold, or an answer that is no HTTP: these stay as they are. */
function isOfConnection(code: unknown): boolean {
  return connectionCodes.has(code);
}
