import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import { convertLegacyHttpOptions } from '@opentelemetry/otlp-exporter-base/node-http';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { Pool, type Dispatcher } from 'undici';
import { retryAfterMs } from '../remote/retry-queries.ts';

export type TraceProtocol = 'http/protobuf' | 'http/json';

const forms = {
  'http/protobuf': { type: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  'http/json': { type: 'application/json', serializer: JsonTraceSerializer },
} as const;

type Settings = ReturnType<typeof convertLegacyHttpOptions>;

const firstPauseMs = 1_000;

/**
 * Sends spans by OTLP, as OpenTelemetry's own exporter does and with its settings, but over undici. That one uses
 * Node's client for HTTP, which shares its code with Node's server: a single use of it costs every request that the
 * server answers from then on (12 % of a small one; two requests a second over undici: nothing).
 */
export class SpanSender implements SpanExporter {
  readonly #settings: Settings;
  readonly #form: (typeof forms)[TraceProtocol];
  readonly #url: URL;
  readonly #pool: Promise<Pool>;
  readonly #closing = new AbortController();

  /** @param url undefined for what the environment says, or else the usual one */
  constructor(protocol: TraceProtocol, url: string | undefined) {
    this.#form = forms[protocol];
    const options = url === undefined ? {} : { url };
    const headers = { 'content-type': this.#form.type };
    this.#settings = convertLegacyHttpOptions(options, 'TRACES', 'v1/traces', headers);
    this.#url = new URL(this.#settings.url);
    this.#pool = openPool(this.#url, this.#settings);
  }

  export(spans: ReadableSpan[], tell: (result: ExportResult) => void): void {
    this.#send(spans).then(
      () => tell({ code: ExportResultCode.SUCCESS }),
      (error: unknown) =>
        tell({
          code: ExportResultCode.FAILED,
          error: error instanceof Error ? error : new Error(String(error)),
        }),
    );
  }

  async shutdown(): Promise<void> {
    this.#closing.abort();
    await (await this.#pool).destroy();
  }

  async #send(spans: ReadableSpan[]): Promise<void> {
    const { timeoutMillis, compression, headers } = this.#settings;
    const bytes = this.#form.serializer.serializeRequest(spans) ?? new Uint8Array();
    const isPacked = compression === 'gzip';
    const body = isPacked ? await promisify(gzip)(bytes) : bytes;
    const sent = { ...(await headers()), ...(isPacked && { 'content-encoding': 'gzip' }) };
    const endMs = performance.now() + timeoutMillis;
    for (let pauseMs = firstPauseMs; ; pauseMs *= 1.5) {
      const outcome = await this.#try(sent, body, endMs - performance.now());
      if (outcome.kind === 'sent') return;
      const waitMs = Math.max(outcome.waitMs, pauseMs * (0.8 + 0.4 * Math.random()));
      const isLast = outcome.kind === 'refused' || performance.now() + waitMs >= endMs;
      if (isLast || this.#closing.signal.aborted) throw outcome.error;
      await pause(waitMs, undefined, { signal: this.#closing.signal, ref: false });
    }
  }

  async #try(
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
    timeoutMs: number,
  ): Promise<Outcome> {
    const pool = await this.#pool;
    const path = this.#url.pathname + this.#url.search;
    return new Promise((resolve) => {
      const exchange = new Exchange(resolve, timeoutMs);
      pool.dispatch({ path, method: 'POST', headers: { ...headers }, body }, exchange);
    });
  }
}

type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'refused' | 'busy'; readonly error: Error; readonly waitMs: number };

/** What says that it may be well later, by the specification of OTLP. */
const busyStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** One request to the collector, whose answer nobody reads. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (outcome: Outcome) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;

  constructor(resolve: (outcome: Outcome) => void, timeoutMs: number) {
    this.#resolve = resolve;
    const late = (): void => this.onResponseError(this.#controller, new Error('It took too long.'));
    this.#timer = setTimeout(late, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    const error = new Error(`The collector answers with status ${status}.`);
    const waitMs = retryAfterMs(String(headers['retry-after']), new Date());
    if (status < 300) this.#settle({ kind: 'sent' });
    else this.#settle({ kind: busyStatuses.has(status) ? 'busy' : 'refused', error, waitMs });
    // A short body is read, so that the connection can be used again; nobody waits for a long one.
    if (!(Number(headers['content-length']) <= longestBody)) controller.abort(error);
  }

  onResponseError(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#settle({ kind: 'busy', error, waitMs: 0 });
    controller?.abort(error);
  }

  #settle(outcome: Outcome): void {
    clearTimeout(this.#timer);
    this.#resolve(outcome);
  }
}

const longestBody = 10_000;

/** Certificates are those that OpenTelemetry's variables name. */
async function openPool(url: URL, { agentFactory, timeoutMillis }: Settings): Promise<Pool> {
  const { options } = (await agentFactory(url.protocol)) as unknown as {
    readonly options: Readonly<Record<'ca' | 'cert' | 'key', Buffer | undefined>>;
  };
  const { ca, cert, key } = options;
  const tls = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  return new Pool(url.origin, {
    connections: 2,
    headersTimeout: timeoutMillis,
    bodyTimeout: timeoutMillis,
    connect: { timeout: timeoutMillis, ...tls },
  });
}
