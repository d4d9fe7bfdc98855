import { raise, type SourceLocation } from '../foundation/errors/tributary-error.ts';

interface IntrospectOptions {
  readonly name: string;
  readonly url: string;
  /** Sent with the request, such as an API key. */
  readonly headers: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  /** The place that asks for it. */
  readonly location: SourceLocation;
}

/**
 * Fetches a subgraph's schema through `_service { sdl }`, which every federation subgraph answers:
 * https://www.apollographql.com/docs/graphos/schema-design/federated-schemas/reference/subgraph-spec
 *
 * @throws SUBGRAPH_SCHEMA_UNREACHABLE
 */
export async function introspectSubgraph(options: IntrospectOptions): Promise<string> {
  const { name, url, location } = options;
  try {
    return await fetchSchema(options);
  } catch (error) {
    const problem = problemOf(error, options.timeoutMs);
    throw raise(
      'SUBGRAPH_SCHEMA_UNREACHABLE',
      { name, url, problem },
      { at: location, cause: error },
    );
  }
}

async function fetchSchema({ url, headers, timeoutMs }: IntrospectOptions): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...Object.fromEntries(headers), 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`it answered with HTTP status ${response.status}`);
  const sdl = readSdl(await response.json());
  if (sdl === undefined)
    throw new Error('its answer holds no _service.sdl: it is no federation subgraph');
  return sdl;
}

function readSdl(answer: unknown): string | undefined {
  const sdl = memberOf(memberOf(memberOf(answer, 'data'), '_service'), 'sdl');
  return typeof sdl === 'string' && sdl !== '' ? sdl : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** `fetch` hides the reason of a refused connection in the cause. */
function problemOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it did not answer within ${timeoutMs} ms`;
  if (error instanceof SyntaxError) return 'its answer is no JSON';
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
