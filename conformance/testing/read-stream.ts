/** One thing that came over a stream of server-sent events. */
export type Frame =
  | { readonly kind: 'comment' }
  | {
      readonly kind: 'event';
      readonly event: string;
      readonly id: string | undefined;
      readonly data: unknown;
    }
  /** The connection is over. */
  | { readonly kind: 'end' };

/** A client of GraphQL over SSE that says all that it is sent. */
export class StreamReader {
  readonly status: number;
  readonly headers: Headers;
  /** What a refusal says. */
  readonly refusal: string | undefined;
  readonly #body: AsyncIterator<Uint8Array> | undefined;
  readonly #controller: AbortController;
  readonly #decoder = new TextDecoder();
  #text = '';

  private constructor(response: Response, controller: AbortController, refusal?: string) {
    this.status = response.status;
    this.headers = response.headers;
    this.refusal = refusal;
    this.#controller = controller;
    this.#body =
      refusal === undefined && response.body !== null
        ? (response.body as unknown as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
        : undefined;
  }

  static async open(
    url: string,
    query: string,
    options: {
      readonly variables?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly method?: 'GET' | 'POST';
    } = {},
  ): Promise<StreamReader> {
    const { variables = {}, headers = {}, method = 'POST' } = options;
    const controller = new AbortController();
    const target = new URL(`${url}/graphql`);
    if (method === 'GET') {
      target.searchParams.set('query', query);
      target.searchParams.set('variables', JSON.stringify(variables));
    }
    const response = await fetch(target, {
      method,
      signal: controller.signal,
      headers: {
        accept: 'text/event-stream',
        ...(method === 'POST' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(method === 'POST' && { body: JSON.stringify({ query, variables }) }),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    return new StreamReader(response, controller, isStream ? undefined : await response.text());
  }

  /** The next frame, comments too. */
  async next(): Promise<Frame> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end !== -1) {
        const frame = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return parseFrame(frame);
      }
      const chunk = await this.#body?.next();
      if (chunk === undefined || chunk.done === true) return { kind: 'end' };
      this.#text += this.#decoder.decode(chunk.value, { stream: true });
    }
  }

  /** The next frame that is no comment. */
  async nextEvent(): Promise<Exclude<Frame, { readonly kind: 'comment' }>> {
    for (;;) {
      const frame = await this.next();
      if (frame.kind !== 'comment') return frame;
    }
  }

  hangUp(): void {
    this.#controller.abort();
  }
}

function parseFrame(text: string): Frame {
  const lines = text.split('\n').filter((line) => !line.startsWith(':'));
  if (lines.length === 0) return { kind: 'comment' };
  const valueOf = (name: string): string | undefined =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const data = valueOf('data');
  return {
    kind: 'event',
    event: valueOf('event') ?? 'message',
    id: valueOf('id'),
    data: data === undefined || data === '' ? undefined : (JSON.parse(data) as unknown),
  };
}
