import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A span as it was received. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly isError: boolean;
  readonly startNs: bigint;
  readonly endNs: bigint;
}

/** How the collector answers a request. */
export type CollectorBehaviour = (response: ServerResponse) => void;

export interface OtlpCollector {
  /** Where traces are sent. */
  readonly endpoint: string;
  readonly spans: ReceivedSpan[];
  /** The requests, with their types. */
  readonly requests: { readonly path: string; readonly type: string; readonly bytes: number }[];
  readonly resource: () => Readonly<Record<string, unknown>>;
  behave(behaviour: CollectorBehaviour): void;
  /** Settles with the first request that comes from now on. */
  nextRequest(): Promise<void>;
  close(): Promise<void>;
}

interface WireValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}

type WireAttributes = readonly { readonly key: string; readonly value: WireValue }[];

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: WireAttributes;
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

interface WireTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: WireAttributes };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

/** A collector of OpenTelemetry, as far as it takes traces in JSON. It is closed when the test is finished. */
export async function startCollector(): Promise<OtlpCollector> {
  const collector = await startCollectorUntilClosed();
  onTestFinished(collector.close);
  return collector;
}

/** The same for several tests; who starts it closes it. */
export async function startCollectorUntilClosed(): Promise<OtlpCollector> {
  const spans: ReceivedSpan[] = [];
  const requests: { path: string; type: string; bytes: number }[] = [];
  const waiting: (() => void)[] = [];
  let resource: Readonly<Record<string, unknown>> = {};
  let behaviour: CollectorBehaviour = (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  const take = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const type = incoming.headers['content-type'] ?? '';
    requests.push({ path: incoming.url ?? '', type, bytes: body.length });
    if (type === 'application/json') {
      for (const of of (JSON.parse(body.toString()) as WireTraces).resourceSpans) {
        resource = read(of.resource.attributes);
        spans.push(...of.scopeSpans.flatMap((scope) => scope.spans.map(toSpan)));
      }
    }
    behaviour(response);
    for (const tell of waiting.splice(0)) tell();
  };
  const server = createServer((incoming, response) => void take(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return {
    endpoint: `http://127.0.0.1:${port}/v1/traces`,
    spans,
    requests,
    resource: () => resource,
    behave: (next) => void (behaviour = next),
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    close,
  };
}

const kinds = { 1: 'internal', 2: 'server', 3: 'client' } as const;

function toSpan(span: WireSpan): ReceivedSpan {
  const { traceId, spanId, parentSpanId, name, links = [] } = span;
  return {
    traceId,
    spanId,
    parentSpanId: parentSpanId === '' ? undefined : parentSpanId,
    name,
    kind: kinds[span.kind as keyof typeof kinds],
    attributes: read(span.attributes),
    links,
    isError: span.status?.code === 2,
    startNs: BigInt(span.startTimeUnixNano),
    endNs: BigInt(span.endTimeUnixNano),
  };
}

function read(attributes: WireAttributes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** The spans as a tree: each name with what is below it, in the order in which they began. */
export type SpanTree = readonly (readonly [name: string, below: SpanTree])[];

export function treeOf(spans: readonly ReceivedSpan[], parent?: string): SpanTree {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const isTop = ({ parentSpanId }: ReceivedSpan): boolean =>
    parentSpanId === undefined || !ids.has(parentSpanId);
  return spans
    .filter((span) => (parent === undefined ? isTop(span) : span.parentSpanId === parent))
    .toSorted((a, b) => Number(a.startNs - b.startNs))
    .map((span) => [span.name, treeOf(spans, span.spanId)] as const);
}
