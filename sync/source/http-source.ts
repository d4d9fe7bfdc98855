import { raise } from '../../foundation/errors/tributary-error.ts';
import type { HttpAnswer, HttpSend } from '../../foundation/http-send.ts';
import type { Scheduler } from '../../foundation/scheduler.ts';
import type { HttpSource, Watermark } from '../declaration/sync-declaration.ts';
import { pause, within } from '../schedule/pause.ts';
import {
  firstPage,
  invalidAnswer,
  nameOf,
  nextPage,
  rowsIn,
  type PageState,
} from './http-pages.ts';
import { keepDigits } from './json-rows.ts';
import type { Delivery, ReadRequest, Source } from './source.ts';

interface HttpOptions {
  readonly source: HttpSource;
  readonly watermark: Watermark | undefined;
  readonly send: HttpSend;
  readonly scheduler: Scheduler;
  /** From 0 up to 1, by what it is for. */
  readonly random: (key: string) => number;
}

const maxPageBytes = 67_108_864;
const mostPages = 100_000;
const mostAttempts = 4;
const firstPauseMs = 500;
const longestPauseMs = 60_000;

/** Rows that an HTTP server gives as JSON, page by page. */
export class HttpRows implements Source {
  readonly #options: HttpOptions;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  async *read(request: ReadRequest): AsyncGenerator<Delivery, void, undefined> {
    const { source, watermark } = this.#options;
    const shape = { kind: 'json' } as const;
    const staging = request.openStaging();
    await staging.create(shape);
    const since =
      request.since === undefined || watermark === undefined
        ? undefined
        : sinceText(request.since, watermark);
    let page: PageState | undefined = firstPage(source, since);
    while (page !== undefined) {
      if (page.number > mostPages)
        throw invalidAnswer(source, `it has more than ${mostPages} pages`);
      const answer = await this.#ask(page.url, request.signal);
      const body = parse(source, answer);
      const rows = rowsIn(body, source);
      await staging.append(shape, [rows]);
      page = nextPage(source, page, { body, answer, rows });
    }
    yield { name: nameOf(source), staging, shape, isSnapshot: request.isSnapshot };
  }

  /** One page. A server that is busy or in trouble is asked again, a few times. */
  async #ask(url: string, signal: AbortSignal): Promise<HttpAnswer> {
    const { source, scheduler, random } = this.#options;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#attempt(url, signal);
      if (answer.kind === 'answer') {
        const { status } = answer.answer;
        if (status >= 200 && status < 300) return answer.answer;
        const isPassing = status === 429 || status >= 500;
        if (!isPassing || attempt === mostAttempts)
          throw raise('SYNC_SOURCE_REFUSED', {
            source: nameOf(source),
            problem: `it answers with the status ${status}.`,
          });
      } else if (attempt === mostAttempts) {
        throw raise(
          'SYNC_SOURCE_UNREACHABLE',
          { source: nameOf(source), problem: `${answer.problem}.` },
          { cause: answer.error },
        );
      }
      const asked = answer.kind === 'answer' ? retryAfterMs(answer.answer) : undefined;
      const backoff = firstPauseMs * 4 ** (attempt - 1) * (0.5 + random(`sync:${url}:${attempt}`));
      await pause(scheduler, Math.min(longestPauseMs, asked ?? backoff), signal);
    }
  }

  async #attempt(
    url: string,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'answer'; readonly answer: HttpAnswer }
    | { readonly kind: 'none'; readonly problem: string; readonly error: unknown }
  > {
    const { source, scheduler, send } = this.#options;
    const headers = { accept: 'application/json', 'user-agent': 'tributary', ...source.headers };
    try {
      const answer = await within(scheduler, source.timeoutMs, signal, (ours) =>
        send({ method: 'GET', url, headers, signal: ours, maxAnswerBytes: maxPageBytes + 1 }),
      );
      return { kind: 'answer', answer };
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'none', problem: problemOf(error), error };
    }
  }
}

function parse(source: HttpSource, { body }: HttpAnswer): unknown {
  if (Buffer.byteLength(body) > maxPageBytes)
    throw invalidAnswer(
      source,
      `a page has more than ${maxPageBytes} bytes; ask for smaller ones by page.size`,
    );
  try {
    return JSON.parse(keepDigits(body));
  } catch (error) {
    throw invalidAnswer(
      source,
      `an answer is no JSON: ${JSON.stringify(body.slice(0, 80))}`,
      error,
    );
  }
}

function retryAfterMs({ headers }: HttpAnswer): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 && headers['retry-after'] !== undefined
    ? seconds * 1_000
    : undefined;
}

function sinceText(since: bigint, { type }: Watermark): string {
  if (type === 'integer') return String(since);
  return new Date(Number(since / 1_000n)).toISOString();
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses of a name were tried in vain; Node says so with an empty message.
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(problemOf).join('; ');
  return error.message.replace(/\.$/, '');
}
