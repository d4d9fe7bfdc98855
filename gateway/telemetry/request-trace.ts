import type { Attributes } from '@opentelemetry/api';
import type { StatementTrace } from '../../lake/engine.ts';
import type { RequestFacts } from '../http/route.ts';

/** A stage of a request, until it ends. */
export interface Stage {
  /** @param error what it threw, if anything */
  readonly end: (error?: unknown) => void;
}

/** How a request ended, as far as its span tells. */
export interface TracedEnd {
  readonly route: string | undefined;
  readonly status: number;
  readonly isComplete: boolean;
  readonly facts: RequestFacts;
}

/** One try to get an answer of a remote subgraph. */
export interface Attempt {
  /** What tells the subgraph which span its own belong to. */
  readonly headers: Readonly<Record<string, string>>;
  /** @param status undefined where none came */
  readonly end: (status: number | undefined, error?: string) => void;
}

/** The spans of one fetch from a subgraph, local or remote. */
export interface FetchTrace {
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where the request is not sampled. */
  readonly statements: StatementTrace | undefined;
  /** The answer is that to the request of another fetch. */
  readonly noteShared: () => void;
  /** Undefined where the request is not sampled. */
  readonly startAttempt: (url: URL) => Attempt | undefined;
  /** @param errors in the answer; 1 where there is none */
  readonly end: (errors: number) => void;
}

/**
 * The spans of one request. They are handed on with the request, not found by what runs when: nothing has to watch
 * over every promise of the process. A request that is not sampled has none, and says so to remote subgraphs.
 */
export interface RequestTrace {
  /** Undefined where the request is not sampled. */
  readonly traceId: string | undefined;
  /** Whether the text of the operation is told. */
  readonly tellsDocuments: boolean;
  /** What tells others which span theirs belong to. */
  readonly headers: Readonly<Record<string, string>>;
  /** For statements that no fetch stands before. Undefined where the request is not sampled. */
  readonly statements: StatementTrace | undefined;
  /** A stage of the request. Undefined where the request is not sampled. */
  readonly startStage: (name: string) => Stage | undefined;
  /** The same for a stage that fetches belong to. */
  readonly enterStage: (name: string, attributes?: Attributes) => Stage | undefined;
  /** A stage that ends now, and began before anybody knew of it. */
  readonly addStage: (name: string, startedMs: number, attributes: Attributes) => void;
  readonly startFetch: (subgraph: string) => FetchTrace;
  readonly end: (ended: TracedEnd) => void;
}
